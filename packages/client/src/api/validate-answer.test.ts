import { expect, onTestFinished, test, vi } from 'vitest';
import type { JsonObject } from '../task/json.ts';
import { validateAnswer } from './validate-answer.ts';

const name = { type: 'object', properties: { name: { type: 'string' } } };

function answer(requestedSchema: JsonObject, content: JsonObject): void {
  validateAnswer('who', { method: 'elicitation/create', params: { requestedSchema } }, { action: 'accept', content });
}

test.each<[string, JsonObject]>([
  ['has an identifier', { ...name, $id: 'https://example.com/who' }],
  ['has identifiers in its parts', { ...name, $defs: { other: { $id: 'urn:example:other', type: 'string' } } }],
  ['is meant to be checked asynchronously', { ...name, $async: true }],
  ['is of another dialect', { ...name, $schema: 'http://json-schema.org/draft-07/schema#' }],
])('a question whose schema %s is checked each time it is answered', (_how, schema) => {
  for (const _time of [1, 2]) {
    expect(() => answer({ ...schema }, { name: 1 })).toThrow('The answer to "who" does not fit: name must be string');
    expect(() => answer({ ...schema }, { name: 'Ada' })).not.toThrow();
  }
});

test.each<[string, JsonObject]>([
  ['an unknown type', { type: 'object', properties: { name: { type: 'text' } } }],
  ['a pattern that is none', { type: 'object', properties: { name: { type: 'string', pattern: '(' } } }],
  ['a reference to elsewhere', { type: 'object', properties: { name: { $ref: 'https://example.com/name' } } }],
  ['a list where a word belongs', { type: 'object', required: 'name' }],
])('a schema with %s leaves the judgement to the server', (_what, schema) => {
  expect(() => answer(schema, { name: 'Ada' })).not.toThrow();
});

test('what a schema holds is printed nowhere', () => {
  const warn = vi.spyOn(console, 'warn');
  onTestFinished(() => warn.mockRestore());
  answer({ type: 'object', properties: { name: { type: 'string', format: '\u001b[31m' } } }, { name: 'Ada' });
  expect(warn).not.toHaveBeenCalled();
});
