import { expect, test } from 'vitest';
import { createForm } from './create-form.ts';
import type { Field } from './field.ts';

function only(property: object, extra: object = {}): Field {
  const form = createForm({ type: 'object', properties: { it: property as never }, ...extra });
  if (form.kind !== 'fields' || form.fields.length !== 1) throw new Error(`not one field: ${JSON.stringify(form)}`);
  return form.fields[0]!;
}

test.each([
  [
    'a string with a format',
    { type: 'string', format: 'email', maxLength: 80 },
    { type: 'string', format: 'email', limits: 'an e-mail address, at most 80 characters' },
  ],
  [
    'a number with bounds',
    { type: 'number', minimum: 0.5, maximum: 2 },
    { type: 'number', limits: 'a number, 0.5 to 2' },
  ],
  [
    'a number above a bound',
    { type: 'number', exclusiveMinimum: 0 },
    { type: 'number', limits: 'a number, more than 0' },
  ],
  [
    'a number below a bound',
    { type: 'integer', minimum: 0, exclusiveMaximum: 10 },
    { type: 'integer', limits: 'a whole number, at least 0, less than 10' },
  ],
  [
    'a number with an inclusive and an exclusive bound, where the stricter counts',
    { type: 'number', minimum: 1, exclusiveMinimum: 0, maximum: 5, exclusiveMaximum: 5 },
    { type: 'number', limits: 'a number, at least 1, less than 5' },
  ],
  ['an integer', { type: 'integer', default: 3 }, { type: 'integer', default: 3, limits: 'a whole number' }],
  ['a boolean', { type: 'boolean', title: 'Sure?' }, { type: 'boolean', title: 'Sure?' }],
  [
    'a plain enum',
    { type: 'string', enum: ['a', 'b'] },
    {
      type: 'choice',
      options: [
        { value: 'a', title: 'a' },
        { value: 'b', title: 'b' },
      ],
    },
  ],
  [
    'an enum with names',
    { type: 'string', enum: ['a', 'b'], enumNames: ['Ay', 'Bee'] },
    {
      type: 'choice',
      options: [
        { value: 'a', title: 'Ay' },
        { value: 'b', title: 'Bee' },
      ],
    },
  ],
  [
    'a titled oneOf',
    { type: 'string', oneOf: [{ const: 'a', title: 'Ay' }, { const: 'b' }] },
    {
      type: 'choice',
      options: [
        { value: 'a', title: 'Ay' },
        { value: 'b', title: 'b' },
      ],
    },
  ],
  [
    'several of an enum',
    { type: 'array', items: { type: 'string', enum: ['a'] }, minItems: 1 },
    { type: 'multi-choice', options: [{ value: 'a', title: 'a' }], limits: 'at least 1 choices' },
  ],
  [
    'several of titled options',
    { type: 'array', items: { anyOf: [{ const: 'a', title: 'Ay' }] } },
    { type: 'multi-choice', options: [{ value: 'a', title: 'Ay' }] },
  ],
  ['a nullable type', { type: ['string', 'null'] }, { type: 'string' }],
  [
    'a nullable alternative',
    { anyOf: [{ type: 'integer' }, { type: 'null' }], default: null, title: 'N' },
    { type: 'integer', title: 'N' },
  ],
  [
    'numbers to choose from',
    { enum: [1, 2] },
    {
      type: 'choice',
      options: [
        { value: 1, title: '1' },
        { value: 2, title: '2' },
      ],
    },
  ],
  [
    'a list of texts',
    { type: 'array', items: { type: 'string' }, maxItems: 3 },
    { type: 'json', limits: 'a list, with commas between, at most 3 of them' },
  ],
  [
    'a list of numbers',
    { type: 'array', items: { type: 'integer' } },
    { type: 'json', limits: 'a list of numbers, with commas between' },
  ],
  ['a list of objects', { type: 'array', items: { type: 'object' } }, { type: 'json', limits: 'JSON' }],
  ['alternatives of different shapes', { oneOf: [{ type: 'string' }, { type: 'number' }] }, { type: 'json' }],
  ['a choice among nothing', { oneOf: [] }, { type: 'json' }],
  ['an empty schema', {}, { type: 'json' }],
])('%s becomes a field of the matching type', (_title, property, expected) => {
  expect(only(property)).toMatchObject(expected);
});

test('a reference is resolved, and keywords beside it override the referenced ones', () => {
  const field = only(
    { $ref: '#/$defs/env', title: 'Where' },
    { $defs: { env: { type: 'string', enum: ['dev'], title: 'Environment' } } },
  );
  expect(field).toMatchObject({ type: 'choice', title: 'Where' });
});

test('a schema that refers to itself becomes a JSON field', () => {
  const node = { type: 'object', properties: { next: { $ref: '#/$defs/node' }, name: { type: 'string' } } };
  const form = createForm({ type: 'object', properties: { root: { $ref: '#/$defs/node' } }, $defs: { node } });
  expect(form.kind === 'fields' && form.fields.map(({ key, type }) => [key, type])).toEqual([
    ['root.next.next', 'json'],
    ['root.next.name', 'string'],
    ['root.name', 'string'],
  ]);
});

test('nested objects become fields with a path, required only if the whole path is', () => {
  const form = createForm({
    type: 'object',
    required: ['host'],
    properties: {
      host: { type: 'object', required: ['name'], properties: { name: { type: 'string' }, port: { type: 'integer' } } },
      proxy: { type: 'object', required: ['name'], properties: { name: { type: 'string' } } },
    },
  });
  expect(form.kind === 'fields' && form.fields.map(({ key, path, required }) => ({ key, path, required }))).toEqual([
    { key: 'host.name', path: ['host', 'name'], required: true },
    { key: 'host.port', path: ['host', 'port'], required: false },
    { key: 'proxy.name', path: ['proxy', 'name'], required: false },
  ]);
});

test.each([
  ['a map of any names', { type: 'object', additionalProperties: { type: 'string' } }],
  ['alternatives at the top', { oneOf: [{ type: 'object', properties: { a: {} } }, { type: 'object' }] }],
  ['a map of any values', { type: 'object', additionalProperties: true }],
  ['alternatives beside the properties', { type: 'object', properties: { a: {} }, anyOf: [{}, {}] }],
  ['a schema that is not an object', { type: 'string' }],
  ['a reference into a value that is not an object', { $ref: '#/default/here', default: null }],
  ['a reference to nowhere', { $ref: 'https://elsewhere.example/schema' }],
])('%s is edited as JSON', (_title, schema) => {
  expect(createForm(schema).kind).toBe('json');
});

test('an object without properties is a form without fields', () => {
  expect(createForm({ type: 'object', properties: {} })).toMatchObject({ kind: 'fields', fields: [] });
});

test('a default that may have lost digits is not offered', () => {
  const properties = { id: { type: 'integer', default: 1e18 }, few: { type: 'integer', default: 7 } };
  const form = createForm({ type: 'object', properties });
  expect(form.kind === 'fields' && form.fields.map((field) => field.default)).toEqual([undefined, 7]);
});

test('up to 100 fields are a form, and a larger schema is edited as JSON', () => {
  const kindOf = (count: number) => {
    const properties = Object.fromEntries(Array.from({ length: count }, (_, at) => [`f${at}`, { type: 'string' }]));
    return createForm({ type: 'object', properties }).kind;
  };
  expect([kindOf(100), kindOf(101)]).toEqual(['fields', 'json']);
});
