import { expect, test } from 'vitest';
import type { JsonObject } from '../../task/json.ts';
import type { ServedTask } from '../served-task.ts';
import type { ServedTasks } from '../served-tasks.ts';
import { createResultStream, type ResultRequest } from './result-stream.ts';

const working: ServedTask = {
  taskId: 't1',
  status: 'working',
  statusMessage: undefined,
  createdAt: '2026-11-28T12:00:00.000Z',
  lastUpdatedAt: '2026-11-28T12:00:00.000Z',
  ttlMs: null,
  pollIntervalMs: 1_000,
  inputRequests: {},
  questionIds: {},
  result: undefined,
  error: undefined,
};

const question = { method: 'elicitation/create', params: { message: 'Release?' } };
const asking: ServedTask = {
  ...working,
  status: 'input_required',
  inputRequests: { approve: question },
  questionIds: { approve: 'first' },
};
const completed: ServedTask = { ...working, status: 'completed', result: { content: [] } };

/** One task, whose versions the test publishes. */
function scripted() {
  const listeners = new Set<(task: ServedTask) => void>();
  const answers: JsonObject[] = [];
  let current = asking;
  const tasks: ServedTasks = {
    find: async () => current,
    follow: (_, signal, onChange) =>
      new Promise((resolve, reject) => {
        const notify = (task: ServedTask): void => {
          onChange(task);
          if (task.status === 'completed') resolve(task);
        };
        signal.addEventListener('abort', () => reject(signal.reason));
        listeners.add(notify);
        notify(current);
      }),
    answer: async (_, responses) => void answers.push(responses as JsonObject),
    cancel: async () => undefined,
    list: async () => ({ tasks: [current] }),
    delivered: () => undefined,
  };
  const publish = (task: ServedTask): void => {
    current = task;
    for (const listener of listeners) listener(task);
  };
  return { tasks, publish, answers };
}

/** A client that receives questions; the test answers each by its `answer`. */
function client() {
  const asked: { readonly signal: AbortSignal; readonly answer: (response: JsonObject) => void }[] = [];
  const request: ResultRequest = {
    taskId: 't1',
    signal: new AbortController().signal,
    ask: (_, signal) => new Promise((answer) => asked.push({ signal, answer })),
  };
  return { asked, request };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('an answered question is not sent again while it is still listed', async () => {
  const { tasks, publish, answers } = scripted();
  const { asked, request } = client();
  const result = createResultStream(tasks)(request);
  await turn();
  asked[0]?.answer({ action: 'accept' });
  await turn();
  publish({ ...asking, questionIds: {} });
  publish(completed);
  expect(await result).toMatchObject({ content: [] });
  expect([asked.length, answers]).toEqual([1, [{ approve: { action: 'accept' } }]]);
});

test('another question under the same key withdraws the previous one, and is sent', async () => {
  const { tasks, publish } = scripted();
  const { asked, request } = client();
  const result = createResultStream(tasks)(request);
  await turn();
  publish({ ...asking, questionIds: { approve: 'second' } });
  expect(asked.map(({ signal }) => signal.aborted)).toEqual([true, false]);
  publish(completed);
  await result;
  expect(asked.map(({ signal }) => signal.aborted)).toEqual([true, true]);
});

test('only the newest of two streams for one task sends questions', async () => {
  const { tasks, publish } = scripted();
  const stream = createResultStream(tasks);
  const [older, newer] = [client(), client()];
  const results = [stream(older.request)];
  await turn();
  results.push(stream(newer.request));
  await turn();
  expect(older.asked.map(({ signal }) => signal.aborted)).toEqual([true]);
  expect(newer.asked.map(({ signal }) => signal.aborted)).toEqual([false]);
  publish(completed);
  await Promise.all(results);
});
