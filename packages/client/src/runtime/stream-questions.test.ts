import { expect, test } from 'vitest';
import type { JsonObject } from '../core/json.ts';
import type { IncomingRequest } from '../ports/connection.ts';
import { createScriptedConnection } from '../testing/index.ts';
import { createStreamQuestions } from './stream-questions.ts';

const related = (taskId: string): JsonObject => ({ _meta: { 'io.modelcontextprotocol/related-task': { taskId } } });

function world() {
  let handle: (request: IncomingRequest) => Promise<JsonObject> = () => Promise.reject(new Error('nobody'));
  const connection = createScriptedConnection({ revision: '2025-11-25' }, () => ({}));
  const questions = createStreamQuestions({
    ...connection,
    onRequest(next) {
      handle = next;
      return () => undefined;
    },
  });
  const ask = (params: JsonObject, signal = new AbortController().signal, stream?: string) =>
    handle({ method: 'elicitation/create', params, signal, stream });
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  return { questions, ask, turn };
}

test('the same question of two tasks waits for two answers', async () => {
  const { questions, ask, turn } = world();
  questions.listen({ id: 'a', taskId: 't1', keyOf: () => 'same', ask: async () => undefined });
  questions.listen({ id: 'b', taskId: 't2', keyOf: () => 'same', ask: async () => undefined });
  const replies = [ask(related('t1')), ask(related('t2'))];
  await turn();
  expect(questions.answer('b', 'same', { action: 'decline' })).toBe(true);
  expect(questions.answer('a', 'same', { action: 'accept' })).toBe(true);
  expect(questions.answer('a', 'same', { action: 'cancel' })).toBe(false);
  expect(await Promise.all(replies)).toEqual([{ action: 'accept' }, { action: 'decline' }]);
});

test('a question that is asked anew before its first asking is withdrawn can still be answered', async () => {
  const { questions, ask, turn } = world();
  questions.listen({ id: 'a', taskId: 't1', keyOf: () => 'same', ask: async () => undefined });
  const broken = new AbortController();
  const first = ask(related('t1'), broken.signal).catch((error: Error) => error.message);
  await turn();
  const second = ask(related('t1'));
  await turn();
  broken.abort();
  expect(await first).toContain('withdrew');
  expect(questions.answer('a', 'same', { action: 'accept' })).toBe(true);
  expect(await second).toEqual({ action: 'accept' });
});

test('a question of a task that nobody here follows is refused, not left waiting', async () => {
  const { questions, ask } = world();
  questions.listen({ id: 'a', taskId: 't1', keyOf: () => 'same', ask: async () => undefined });
  await expect(ask(related('t9'))).rejects.toMatchObject({ failure: { kind: 'rpc', code: -32603 } });
});

test('a question that comes when the stream of its task was just left is neither refused nor put: the server asks again', async () => {
  const { questions, ask, turn } = world();
  const asked: string[] = [];
  const listener = { id: 'a', taskId: 't1', keyOf: () => 'same', ask: async (key: string) => void asked.push(key) };
  questions.listen(listener)();
  const taken = new AbortController();
  const late = ask(related('t1'), taken.signal).catch((error: Error) => error.message);
  await turn();
  questions.listen(listener);
  await turn();
  expect(asked).toEqual([]);
  const again = ask(related('t1'));
  await turn();
  expect(asked).toEqual(['same']);
  expect(questions.answer('a', 'same', { action: 'accept' })).toBe(true);
  expect(await again).toEqual({ action: 'accept' });
  taken.abort();
  expect(await late).toContain('withdrew');
});

test('of several calls under way the one on whose stream a question came is asked, else the oldest not asked yet', async () => {
  const { questions, ask, turn } = world();
  const asked: string[] = [];
  const listen = (id: string) =>
    questions.listen({ id, taskId: null, keyOf: () => 'same', ask: async () => void asked.push(id) });
  for (const id of ['a', 'b', 'c']) listen(id);
  void ask({}, undefined, 'c');
  void ask({});
  void ask({});
  await turn();
  expect(asked).toEqual(['c', 'a', 'b']);
});
