import { expect, test } from 'vitest';
import type { JsonObject } from '../../task/json.ts';
import { isTaskAnswer, readResult } from './task-body.ts';

const content = [{ type: 'text', text: 'done' }];

test.each<[string, JsonObject]>([
  ['the word task', { resultType: 'task' }],
  ['an id and a status', { taskId: 't1', status: 'working' }],
  ['a task in a field', { task: { taskId: 't1' } }],
  ['an id and empty content', { taskId: 't1', status: 'working', content: [] }],
  ['an empty id and a status', { taskId: '', status: 'working' }],
  ['an unknown word and an id', { resultType: 'job', taskId: 't1', content }],
])('a response with %s is a task', (_, raw) => {
  expect(isTaskAnswer(raw)).toBe(true);
});

test.each<[string, JsonObject]>([
  ['content alone', { content }],
  ['content beside an id', { content, taskId: 't1', status: 'working' }],
  ['the word complete beside an id', { resultType: 'complete', taskId: 't1', status: 'working' }],
  ['the word input_required', { resultType: 'input_required', taskId: 't1', status: 'working' }],
  ['content beside an empty id', { taskId: '', status: 'working', content }],
  ['an id without a status', { taskId: 't1' }],
  ['an unknown word without an id', { resultType: 'job' }],
])('a response with %s is not a task', (_, raw) => {
  expect(isTaskAnswer(raw)).toBe(false);
});

test('a result of an unknown kind is invalid, and one without a kind is complete', () => {
  expect(readResult({ content })).toEqual({ kind: 'value', value: { kind: 'complete', result: { content } } });
  expect(readResult({ resultType: 'job', content })).toMatchObject({
    kind: 'invalid',
    problem: 'unknown resultType "job"',
  });
});
