import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cpuNow } from '../../../../test/support/cpu-time.ts';
import type { JsonObject, JsonValue } from '../task/json.ts';
import { checkSchema } from './check-schema.ts';

const TOO_COMPLEX = { kind: 'unchecked', reasons: [{ path: '', message: 'the schema is too complex to check' }] };

function timed<T>(work: () => T): { readonly value: T; readonly ms: number } {
  const started = cpuNow();
  const value = work();
  return { value, ms: cpuNow() - started };
}

function doubling(levels: number): JsonObject {
  const $defs: [string, JsonObject][] = [['level0', { type: 'string' }]];
  for (let level = 1; level <= levels; level += 1) {
    const $ref = `#/$defs/level${level - 1}`;
    $defs.push([`level${level}`, { allOf: [{ $ref }, { $ref }] }]);
  }
  return { $defs: Object.fromEntries($defs), $ref: `#/$defs/level${levels}` };
}

function nested(depth: number): JsonValue {
  let value: JsonValue = 'end';
  for (let level = 0; level < depth; level += 1) value = [value];
  return value;
}

test.each<[string, JsonObject, JsonValue]>([
  ['doubles a reference at each of 30 levels', doubling(30), 'a'],
  ['refers to itself', { $ref: '#' }, 'a'],
  [
    'refers to itself by way of another',
    { $defs: { a: { $ref: '#/$defs/b' }, b: { $ref: '#/$defs/a' } }, $ref: '#/$defs/a' },
    'a',
  ],
  ['goes as deep as a value of 100,000 levels', { items: { $ref: '#' } }, nested(100_000)],
  ['compares values of 100,000 levels', { uniqueItems: true }, [nested(100_000)]],
  [
    'tries a hundred patterns on a megabyte',
    { allOf: Array.from({ length: 100 }, (_, at) => ({ pattern: `(.*a.*)*${at}$` })) },
    'a'.repeat(1_000_000),
  ],
])('a schema that %s is given up at once', (_how, schema, value) => {
  const { value: report, ms } = timed(() => checkSchema(schema, value));
  expect(report).toEqual(TOO_COMPLEX);
  expect(ms).toBeLessThan(3_000);
});

test('a cyclic value does not hang the check', () => {
  const value: Record<string, unknown> = {};
  value.self = value;
  expect(checkSchema({ properties: { self: { $ref: '#' } } }, value as JsonObject)).toEqual(TOO_COMPLEX);
  expect(checkSchema({ const: {} }, value as JsonObject)).toEqual(TOO_COMPLEX);
});

test('a schema that doubles a few levels is checked', () => {
  expect(checkSchema(doubling(10), 'a')).toEqual({ kind: 'fits' });
  expect(checkSchema(doubling(2), 1)).toMatchObject({ kind: 'misfits' });
});

test('a pattern that stalls backtracking engines is matched', () => {
  const schema = { properties: { name: { pattern: '^([a-z]+)+$' } } };
  const { value: report, ms } = timed(() => checkSchema(schema, { name: `${'a'.repeat(50_000)}!` }));
  expect(report).toEqual({ kind: 'misfits', problems: [{ path: '/name', message: 'must match ^([a-z]+)+$' }] });
  expect(ms).toBeLessThan(1_000);
});

test('an unchecked part is reported, and the rest is checked', () => {
  const schema = { properties: { name: { pattern: '^(?=a)' }, count: { type: 'integer' } } };
  const message = 'the pattern ^(?=a) cannot be matched here: it uses lookahead or lookbehind';
  expect(checkSchema(schema, { name: 'b' })).toEqual({ kind: 'unchecked', reasons: [{ path: '/name', message }] });
  expect(checkSchema(schema, { name: 'b', count: 'x' })).toMatchObject({ problems: [{ path: '/count' }] });
});

test.each<[JsonObject]>([
  [{ not: { pattern: '(?=a)' } }],
  [{ oneOf: [{ pattern: '(?=a)' }, { type: 'string' }] }],
  [{ anyOf: [{ pattern: '(?=a)' }, { type: 'number' }] }],
  [{ if: { pattern: '(?=a)' }, else: false }],
  [{ $ref: 'https://example.com/elsewhere' }],
  [{ $ref: '#/$defs/none' }],
  [{ type: 'text' }],
  [{ type: ['text', 'number'] }],
  [{ minLength: 'long' }],
  [{ allOf: {} }],
])('%j refuses nothing', (schema) => {
  expect(checkSchema(schema, 'b').kind).toBe('unchecked');
});

const ODD = ['__proto__', 'constructor', 'toString', 'valueOf', 'hasOwnProperty'];

test.each(ODD)('a field named %s is ordinary data', (name) => {
  const properties = Object.fromEntries([[name, { type: 'string' }]]);
  const content = (value: JsonValue): JsonObject => Object.fromEntries([[name, value]]);
  expect(checkSchema({ type: 'object', properties, additionalProperties: false }, {})).toEqual({ kind: 'fits' });
  expect(checkSchema({ properties, additionalProperties: false }, content('a'))).toEqual({ kind: 'fits' });
  expect(checkSchema({ properties }, content(1))).toMatchObject({ problems: [{ path: `/${name}` }] });
  expect(checkSchema({ required: [name] }, {})).toMatchObject({
    problems: [{ path: `/${name}`, message: 'is required' }],
  });
  expect(checkSchema({ additionalProperties: false }, content(1))).toMatchObject({ problems: [{ path: `/${name}` }] });
  expect(checkSchema({ dependentRequired: Object.fromEntries([[name, ['a']]]) }, {})).toEqual({ kind: 'fits' });
  expect(checkSchema({ const: content(1) }, {})).toMatchObject({ kind: 'misfits' });
  expect(checkSchema({ $ref: `#/${name}` }, 'a')).toMatchObject({ kind: 'unchecked' });
});

test('the check never throws, whatever the schema and the value are', () => {
  const keyword = fc.constantFrom(
    ...[
      '$ref',
      '$id',
      '$anchor',
      'type',
      'enum',
      'const',
      'items',
      'prefixItems',
      'contains',
      'properties',
      'required',
    ],
    ...['pattern', 'format', 'allOf', 'anyOf', 'oneOf', 'not', 'if', 'then', 'multipleOf', 'minimum', 'maxLength'],
    ...['patternProperties', 'additionalProperties', 'dependentSchemas', 'dependencies', 'propertyNames', '$schema'],
  );
  const schema = fc.dictionary(keyword, fc.jsonValue({ maxDepth: 3 }));
  const inside = fc.dictionary(keyword, fc.oneof(schema, fc.array(schema), fc.dictionary(fc.string(), schema)));
  fc.assert(
    fc.property(inside, fc.jsonValue(), (wild, value) => {
      expect(['fits', 'misfits', 'unchecked']).toContain(checkSchema(wild as JsonObject, value as JsonValue).kind);
    }),
  );
});
