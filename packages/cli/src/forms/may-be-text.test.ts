import type { JsonObject } from '@mcp-tasks/client';
import { expect, test } from 'vitest';
import { mayBeText } from './may-be-text.ts';

test.each<JsonObject>([
  {},
  { type: 'string' },
  { type: ['integer', 'string'] },
  { anyOf: [{ type: 'array' }, { type: 'string' }] },
  { oneOf: [{ type: 'null' }, {}] },
  { allOf: [{ maxLength: 3 }, { type: 'string' }] },
  { enum: [1, 'a'] },
  { $ref: 'https://example.com/elsewhere' },
])('%j may allow a text', (schema) => {
  expect(mayBeText(schema)).toBe(true);
});

test.each<JsonObject>([
  { type: 'object' },
  { type: ['integer', 'null'] },
  { anyOf: [{ type: 'array' }, { type: 'number' }] },
  { allOf: [{}, { type: 'number' }] },
  { enum: [1, 2] },
  { const: 1 },
])('%j allows no text', (schema) => {
  expect(mayBeText(schema)).toBe(false);
});
