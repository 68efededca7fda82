import { expect, test } from 'vitest';
import { validateContent } from './validate-content.ts';

const schema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  type: 'object',
  required: ['email'],
  additionalProperties: false,
  properties: {
    email: { type: 'string', format: 'email' },
    when: { type: 'string', format: 'date-time' },
    site: { type: 'string', format: 'uri' },
    day: { type: 'string', format: 'date' },
    name: { type: 'string', minLength: 1, maxLength: 3 },
    count: { type: 'integer', minimum: 1, maximum: 5 },
    share: { type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 1 },
    zone: { enum: Array.from({ length: 300 }, (_each, at) => `zone-${at}`) },
    host: { type: 'object', required: ['port'], properties: { port: { type: 'integer' } } },
    sizes: { type: 'array', items: { enum: ['S', 'M'] }, minItems: 1, maxItems: 1 },
  },
};

test.each([
  [{}, 'email', 'is required'],
  [{ email: 'nobody' }, 'email', 'must be an e-mail address'],
  [{ email: 'a@b.c', when: 'today' }, 'when', 'must be a date and time, 2026-01-31T09:00:00Z'],
  [{ email: 'a@b.c', site: 'x y' }, 'site', 'must be a URL'],
  [{ email: 'a@b.c', day: '2026-13-01' }, 'day', 'must be a date, YYYY-MM-DD'],
  [{ email: 'a@b.c', name: '' }, 'name', 'must not be empty'],
  [{ email: 'a@b.c', name: 'abcd' }, 'name', 'must have at most 3 characters'],
  [{ email: 'a@b.c', count: 9 }, 'count', 'must be 5 or less'],
  [{ email: 'a@b.c', count: '3' }, 'count', 'must be a whole number'],
  [{ email: 'a@b.c', share: 0 }, 'share', 'must be more than 0'],
  [{ email: 'a@b.c', share: 1 }, 'share', 'must be less than 1'],
  [
    { email: 'a@b.c', zone: 'here' },
    'zone',
    `must be one of: ${Array.from({ length: 10 }, (_each, at) => `zone-${at}`).join(', ')} … and 290 more`,
  ],
  [{ email: 'a@b.c', host: {} }, 'host.port', 'is required'],
  [{ email: 'a@b.c', sizes: [] }, 'sizes', 'needs at least 1'],
  [{ email: 'a@b.c', sizes: ['X'] }, 'sizes.0', 'must be one of: S, M'],
  [{ email: 'a@b.c', other: 1 }, 'other', 'is not known here'],
])('the error of %j at %s is: %s', (content, path, message) => {
  expect(validateContent(schema, content)).toEqual({ ok: false, errors: [{ path, message }] });
});

test('all errors are reported at once, one per path', () => {
  expect(validateContent(schema, { email: 'nobody', name: '', count: 9 })).toEqual({
    ok: false,
    errors: [
      { path: 'email', message: 'must be an e-mail address' },
      { path: 'name', message: 'must not be empty' },
      { path: 'count', message: 'must be 5 or less' },
    ],
  });
});

test('valid content passes unchanged', () => {
  const content = { email: 'a@b.c', count: 3, host: { port: 1 } };
  expect(validateContent(schema, content)).toEqual({ ok: true, content });
});

test('content for an invalid schema passes, so that the server checks it', () => {
  expect(
    validateContent({ type: 'object', properties: { a: { type: 'string', pattern: '(' } } }, { a: 'x' }),
  ).toMatchObject({ ok: true });
});

test('a schema that requests an asynchronous check is checked synchronously', () => {
  const asynchronous = { $async: true, type: 'object', properties: { a: { type: 'string' } } };
  expect(validateContent(asynchronous, { a: 1 })).toMatchObject({ ok: false });
});

test('an answer that is not an object is refused', () => {
  expect(validateContent(schema, ['x'])).toEqual({
    ok: false,
    errors: [{ path: '', message: 'must be a JSON object' }],
  });
});
