import { expect, onTestFinished, test, vi } from 'vitest';
import type { JsonObject } from '../task/json.ts';
import { validateAnswer } from './validate-answer.ts';

const name = { type: 'object', properties: { name: { type: 'string' } } };

function answer(requestedSchema: JsonObject, content: JsonObject): Promise<void> {
  const request = { method: 'elicitation/create', params: { requestedSchema } };
  return validateAnswer('who', request, { action: 'accept', content });
}

test.each<[string, JsonObject]>([
  ['has an identifier', { ...name, $id: 'https://example.com/who' }],
  ['has identifiers in its parts', { ...name, $defs: { other: { $id: 'urn:example:other', type: 'string' } } }],
  ['is marked as asynchronous', { ...name, $async: true }],
  ['uses another dialect', { ...name, $schema: 'http://json-schema.org/draft-07/schema#' }],
])('each answer is checked against a schema that %s', async (_how, schema) => {
  for (const _time of [1, 2]) {
    await expect(answer({ ...schema }, { name: 1 })).rejects.toMatchObject({
      code: 'answer-invalid',
      message: 'The answer to "who" does not fit: name must be a string',
      problems: [{ path: '/name', message: 'must be a string' }],
    });
    await expect(answer({ ...schema }, { name: 'Ada' })).resolves.toBeUndefined();
  }
});

test('an answer without an action is refused', async () => {
  const request = { method: 'elicitation/create', params: {} };
  await expect(validateAnswer('who', request, { content: {} })).rejects.toMatchObject({
    code: 'answer-invalid',
    problems: [{ path: '/action', message: 'must be one of: accept, decline, cancel' }],
  });
});

test.each<[string, JsonObject]>([
  ['an unknown type', { type: 'object', properties: { name: { type: 'text' } } }],
  ['an invalid pattern', { type: 'object', properties: { name: { type: 'string', pattern: '(' } } }],
  ['a lookahead pattern', { type: 'object', properties: { name: { type: 'string', pattern: '^(?=B)' } } }],
  ['an external reference', { type: 'object', properties: { name: { $ref: 'https://example.com/name' } } }],
  ['a list in place of a string', { type: 'object', required: 'name' }],
  ['an endless self-reference', { type: 'object', properties: { name: { $ref: '#/properties/name' } } }],
])('a schema with %s is left for the server to check', async (_what, schema) => {
  await expect(answer(schema, { name: 'Ada' })).resolves.toBeUndefined();
});

test('checking an answer prints nothing of its schema', async () => {
  const warn = vi.spyOn(console, 'warn');
  onTestFinished(() => warn.mockRestore());
  await answer({ type: 'object', properties: { name: { type: 'string', format: '\u001b[31m' } } }, { name: 'Ada' });
  expect(warn).not.toHaveBeenCalled();
});
