import { expect, test } from 'vitest';
import { defaultContent } from './content.ts';
import { readAssignments } from './read-assignments.ts';

const schema = {
  type: 'object',
  properties: {
    name: { type: 'string', default: 'web' },
    count: { type: 'integer' },
    ratio: { type: 'number' },
    dry: { type: 'boolean', default: false },
    env: { type: 'string', oneOf: [{ const: 'stg', title: 'Staging' }] },
    tags: { type: 'array', items: { type: 'string' } },
    sizes: { type: 'array', items: { type: 'string', enum: ['S', 'M', 'L'] }, minItems: 2 },
    ports: { type: 'array', items: { type: 'integer' } },
    zone: { type: 'string', enum: Array.from({ length: 300 }, (_each, at) => `zone-${at}`) },
    host: { type: 'object', properties: { port: { type: 'integer' } } },
  },
} as const;

const ZONES = `${Array.from({ length: 10 }, (_each, at) => `zone-${at}`).join(', ')} … and 290 more`;

test.each([
  [['name=a=b'], { name: 'a=b' }],
  [['name=007'], { name: '007' }],
  [['name='], { name: '' }],
  [['count=7', 'ratio=.5'], { count: 7, ratio: 0.5 }],
  [['dry=yes'], { dry: true }],
  [['env=stg'], { env: 'stg' }],
  [['env=staging'], { env: 'stg' }],
  [['tags=a', 'tags=b'], { tags: ['a', 'b'] }],
  [['tags=a, b'], { tags: ['a', 'b'] }],
  [['tags=["a,b"]'], { tags: ['a,b'] }],
  [['sizes=S, L'], { sizes: ['S', 'L'] }],
  [['ports=80, 443'], { ports: [80, 443] }],
  [['sizes=S', 'sizes=L'], { sizes: ['S', 'L'] }],
  [['host.port=80'], { host: { port: 80 } }],
  [['host:={"port":81}'], { host: { port: 81 } }],
  [['host:={"port":81}', 'host.port=82'], { host: { port: 82 } }],
  [['count=1', 'count=2'], { count: 2 }],
  [['extra:=null'], { extra: null }],
  [['__proto__:={"a":1}'], JSON.parse('{"__proto__":{"a":1}}')],
])('%j is read by the schema', (assignments, content) => {
  expect(readAssignments(schema, assignments)).toEqual({ ok: true, content });
});

test.each([
  ['count=seven', { path: 'count', message: 'must be a whole number' }],
  ['dry=maybe', { path: 'dry', message: 'must be true or false' }],
  ['sizes=XL', { path: 'sizes', message: 'has no option "XL"; there is S, M, L' }],
  ['zone=zonne-17', { path: 'zone', message: `has no option "zonne-17"; did you mean zone-17? There is ${ZONES}` }],
  ['zone=elsewhere', { path: 'zone', message: `has no option "elsewhere"; there is ${ZONES}` }],
  ['ports=80,,443', { path: 'ports', message: 'must be numbers, separated by commas' }],
  ['host=here', { path: 'host', message: 'is an object: write host:=JSON or its fields, host.…=' }],
  [
    'cuont=1',
    {
      path: 'cuont',
      message: 'is not known here; there is name, count, ratio, dry, env, tags, sizes, ports, zone, host.port',
    },
  ],
  ['just-a-word', { path: 'just-a-word', message: 'must be written key=value or key:=JSON' }],
])('%s is refused with the reason', (assignment, error) => {
  expect(readAssignments(schema, [assignment])).toEqual({ ok: false, errors: [error] });
});

test('a schema without properties accepts texts under any name', () => {
  expect(readAssignments({ type: 'object' }, ['a=1', 'b:=1'])).toEqual({ ok: true, content: { a: '1', b: 1 } });
});

test('defaults alone make the content of an untouched form', () => {
  expect(defaultContent(schema)).toEqual({ name: 'web', dry: false });
});

test('a JSON form starts with the schema’s default, or empty', () => {
  const map = { type: 'object', additionalProperties: true };
  expect(defaultContent({ ...map, default: { a: 1 } })).toEqual({ a: 1 });
  expect(defaultContent(map)).toEqual({});
});

const inexact = (numeral: string) => `cannot be sent exactly: ${numeral} would become ${Number(numeral)}`;

test.each([
  ['id=1234567890123456789', 'id', inexact('1234567890123456789')],
  ['id:=1234567890123456789', 'id', inexact('1234567890123456789')],
  ['share=0.1234567890123456789', 'share', inexact('0.1234567890123456789')],
  ['share=1e400', 'share', inexact('1e400')],
  ['share=0x10', 'share', 'must be a number'],
  ['list=1,9007199254740993', 'list', inexact('9007199254740993')],
  ['any=9007199254740993', 'any', inexact('9007199254740993')],
  ['any={"a":[9007199254740993]}', 'any', inexact('9007199254740993')],
  ['one=1000000000000000000', 'one', 'holds a number that cannot be sent exactly'],
])('%s is refused because its number cannot be sent exactly', (assignment, path, message) => {
  const properties = {
    id: { type: 'integer' },
    share: { type: 'number' },
    list: { type: 'array', items: { type: 'integer' } },
    any: {},
    one: { enum: [1e18, 2] },
  };
  const reading = readAssignments({ type: 'object', properties }, [assignment]);
  expect(reading).toEqual({ ok: false, errors: [{ path, message }] });
});
