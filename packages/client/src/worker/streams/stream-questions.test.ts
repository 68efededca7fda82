import { expect, onTestFinished, test } from 'vitest';
import type { IncomingRequest } from '../../connect/connection.ts';
import { dialect } from '../../protocol/mcp-2025-11-25/dialect.ts';
import type { JsonObject } from '../../task/json.ts';
import { createFakeClock, createScriptedConnection } from '../../testing/index.ts';
import { sampleRecord } from '../../testing/sample-record.ts';
import type { Follower } from '../followed-task.ts';
import type { Listener } from './listener.ts';
import { createListener } from './question-listener.ts';
import { createStreamQuestions } from './stream-questions.ts';

const related = (taskId: string): JsonObject => ({ _meta: { 'io.modelcontextprotocol/related-task': { taskId } } });

const taskOf = (params: JsonObject) => dialect.requests?.taskOf(params);

function world() {
  let handle: (request: IncomingRequest) => Promise<JsonObject> = () => Promise.reject(new Error('nobody'));
  const connection = createScriptedConnection({ revision: '2025-11-25' }, () => ({}));
  const clock = createFakeClock();
  const onRequest = (next: typeof handle) => {
    handle = next;
    return () => undefined;
  };
  const questions = createStreamQuestions({ ...connection, onRequest }, clock, taskOf);
  const ask = (params: JsonObject, signal = new AbortController().signal, stream?: string) =>
    handle({ method: 'elicitation/create', params, signal, stream });
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  return { questions, ask, turn, clock };
}

const listener = (id: string, taskId: string | null, ask: Listener['ask'] = async () => undefined): Listener => ({
  id,
  taskId,
  isPlain: false,
  keyOf: () => 'same',
  ask,
  withdraw: () => undefined,
});

test('equal questions of two tasks need two answers', async () => {
  const { questions, ask, turn } = world();
  questions.listen(listener('a', 't1'));
  questions.listen(listener('b', 't2'));
  const replies = [ask(related('t1')), ask(related('t2'))];
  await turn();
  expect(questions.answer('b', 'same', { action: 'decline' })).toBe(true);
  expect(questions.answer('a', 'same', { action: 'accept' })).toBe(true);
  expect(questions.answer('a', 'same', { action: 'cancel' })).toBe(false);
  expect(await Promise.all(replies)).toEqual([{ action: 'accept' }, { action: 'decline' }]);
});

test('a question asked again before its first request is withdrawn can still be answered', async () => {
  const { questions, ask, turn } = world();
  questions.listen(listener('a', 't1'));
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

test('a question on a stream that just closed is neither refused nor shown; the next request shows it', async () => {
  const { questions, ask, turn, clock } = world();
  const asked: string[] = [];
  const stream = () => listener('a', 't1', async (key) => void asked.push(key));
  questions.markKnown('t1');
  questions.listen(stream())();
  const withdrawing = new AbortController();
  const late = ask(related('t1'), withdrawing.signal).catch((error: Error) => error.message);
  await clock.advance(3_600_000);
  questions.listen(stream());
  questions.markKnown('t1');
  await turn();
  expect(asked).toEqual([]);
  const again = ask(related('t1'));
  await turn();
  expect(asked).toEqual(['same']);
  expect(questions.answer('a', 'same', { action: 'accept' })).toBe(true);
  expect(await again).toEqual({ action: 'accept' });
  withdrawing.abort();
  expect(await late).toContain('withdrew');
});

test('a withdrawn question is neither shown nor refused when its task becomes known', async () => {
  const { questions, ask, turn, clock } = world();
  const asked: string[] = [];
  const led = listener('a', 't1', async (key) => void asked.push(key));
  questions.join({ listenerOf: (taskId) => (taskId === 't1' ? led : undefined), isOnRecord: async () => false });
  const withdrawing = new AbortController();
  const first = ask(related('t1'), withdrawing.signal).catch((error: Error) => error.message);
  const second = ask(related('t1'));
  await turn();
  withdrawing.abort();
  expect(await first).toContain('withdrew');
  questions.markKnown('t1');
  await turn();
  expect(asked).toEqual(['same']);
  questions.answer('a', 'same', { action: 'accept' });
  expect(await second).toEqual({ action: 'accept' });
  expect(clock.pending).toBe(0);
});

test('an answer goes to the open stream, not to an ended one with the same question', async () => {
  const { questions, ask, turn } = world();
  const leave = questions.listen(listener('a', 't1'));
  let first: unknown = 'none';
  void ask(related('t1')).then((response) => {
    first = response;
  });
  await turn();
  expect(questions.asked('a')).toEqual(['same']);
  leave();
  expect(questions.asked('a')).toEqual([]);
  questions.listen(listener('a', 't1'));
  const second = ask(related('t1'));
  await turn();
  expect(questions.asked('a')).toEqual(['same']);
  expect(questions.answer('a', 'same', { action: 'accept' })).toBe(true);
  expect(await second).toEqual({ action: 'accept' });
  expect(first).toBe('none');
});

test('a question withdrawn and asked again keeps its key; a concurrent equal question gets another key', async () => {
  const { questions, ask, turn } = world();
  const record = sampleRecord({ id: 'a', taskId: 't1' });
  questions.listen(createListener({ record, dialect, dispatch: async () => undefined } as unknown as Follower));
  const withdrawing = new AbortController();
  const first = ask(related('t1'), withdrawing.signal).catch((error: Error) => error.message);
  await turn();
  const [key = ''] = questions.asked('a');
  withdrawing.abort();
  expect(await first).toContain('withdrew');
  for (const _ of ['again', 'beside']) void ask(related('t1'));
  await turn();
  expect(questions.asked('a')).toEqual([key, `${key}-2`]);
});

test('a question withdrawn while it is being saved causes no unhandled rejection and frees its key', async () => {
  const { questions, ask, turn } = world();
  const unhandled: unknown[] = [];
  const note = (error: unknown) => void unhandled.push(error);
  process.on('unhandledRejection', note);
  onTestFinished(() => void process.off('unhandledRejection', note));
  let write = (): void => undefined;
  const written = new Promise<void>((resolve) => {
    write = resolve;
  });
  const withdrawn: string[] = [];
  questions.listen({
    ...listener('a', 't1', () => written),
    withdraw: (key) => void withdrawn.push(key),
  });
  const withdrawing = new AbortController();
  const reply = ask(related('t1'), withdrawing.signal).catch((error: Error) => error.message);
  await turn();
  withdrawing.abort();
  await turn();
  expect([withdrawn, unhandled]).toEqual([['same'], []]);
  write();
  expect(await reply).toContain('withdrew');
});

test('a question belongs to the call of its stream, else to the oldest call without a question', async () => {
  const { questions, ask, turn } = world();
  const asked: string[] = [];
  const listen = (id: string) => questions.listen(listener(id, null, async () => void asked.push(id)));
  for (const id of ['a', 'b', 'c']) listen(id);
  void ask({}, undefined, 'c');
  void ask({});
  void ask({});
  await turn();
  expect(asked).toEqual(['c', 'a', 'b']);
});

test('a question on the stream of a plain call belongs to that call, whatever task it names', async () => {
  const { questions, ask, turn, clock } = world();
  const asked: string[] = [];
  questions.listen({ ...listener('a', null, async () => void asked.push('a')), isPlain: true });
  void ask(related('t9'), undefined, 'a');
  await turn();
  expect(asked).toEqual(['a']);
  // The question does not wait for that call to make the task either.
  const elsewhere = ask(related('t9')).catch((error: Error) => error.message);
  await clock.advance(30_000);
  expect(await elsewhere).toContain('no task for this question');
});
