import { expect, test } from 'vitest';
import type { FollowedTask, TaskUpdate } from '../../packages/client/src/api/handle-api.ts';
import type { JsonObject } from '../../packages/client/src/task/json.ts';
import { type Act, complete, serveFaulty, type WireRequest, type WireStream } from './faulty-server.ts';
import { verifies } from './scenarios.ts';
import { CORE_TASK, callTask, clientOf, RESULT } from './wire-world.ts';

const HOUR = 3_600_000;

const working = (taskId: string, pollIntervalMs = 250): JsonObject => ({ taskId, status: 'working', pollIntervalMs });
const completed = (taskId: string): JsonObject => ({ ...working(taskId), status: 'completed', result: RESULT });
const created = (taskId: string, pollIntervalMs?: number): Act => ({
  result: { resultType: 'task', ...working(taskId, pollIntervalMs) },
});

function acknowledge({ id, send }: WireStream, taskIds: readonly string[]): void {
  const _meta = { 'io.modelcontextprotocol/subscriptionId': id };
  send({ method: 'notifications/subscriptions/acknowledged', params: { notifications: { taskIds }, _meta } });
}

function push({ id, send }: WireStream, task: JsonObject): void {
  const _meta = { 'io.modelcontextprotocol/subscriptionId': id };
  send({ method: 'notifications/tasks', params: { ...task, _meta } });
}

const askedFor = ({ params }: WireRequest): readonly string[] =>
  (params.notifications as { taskIds: readonly string[] }).taskIds;

async function updatesOf(task: FollowedTask): Promise<readonly TaskUpdate[]> {
  const updates: TaskUpdate[] = [];
  for await (const update of task.updates()) updates.push(update);
  return updates;
}

const refusals: readonly (readonly [string, Act])[] = [
  ['an unknown method', { error: { code: -32601, message: 'Method not found' } }],
  ['invalid parameters', { error: { code: -32602, message: 'No such task' } }],
  ['HTTP 404', { status: 404 }],
  ['HTTP 405', { status: 405 }],
];

test.each(refusals)(
  `${verifies('X2', 'push refused with')} %s is requested once, and polling covers every task`,
  async (_, refusal) => {
    const server = await serveFaulty(({ method, params, count }) => {
      if (method === 'tools/call') return created(`t${count}`);
      if (method === 'subscriptions/listen') return refusal;
      if (method !== 'tasks/get') return undefined;
      return complete(count < 4 ? working(String(params.taskId)) : completed(String(params.taskId)));
    });
    const client = await clientOf(server.url);
    for (const task of [await callTask(client), await callTask(client)]) {
      expect(await task.outcome()).toMatchObject({ status: 'completed', result: { content: RESULT.content } });
    }
    expect(server.count('subscriptions/listen')).toBe(1);
  },
);

test(
  verifies('X2', 'a stream that honours one of two tasks settles it without a poll, and the other is polled'),
  async () => {
    const server = await serveFaulty((request) => {
      const { method, count, params } = request;
      if (method === 'tools/call') return created(`t${count}`, count === 1 ? HOUR : 250);
      if (method === 'tasks/get') return complete(count < 3 ? working(String(params.taskId)) : completed('t2'));
      if (method !== 'subscriptions/listen') return undefined;
      return {
        stream(stream) {
          acknowledge(stream, ['t1']);
          if (askedFor(request).includes('t2')) push(stream, completed('t1'));
        },
      };
    });
    const client = await clientOf(server.url);
    const tasks = [await callTask(client), await callTask(client)];
    for (const task of tasks) expect(await task.outcome()).toMatchObject({ status: 'completed' });
    const polled = server.requests.filter(({ method }) => method === 'tasks/get').map(({ params }) => params.taskId);
    expect(new Set(polled)).toEqual(new Set(['t2']));
  },
);

test(verifies('X2', 'a dropped stream is reopened for the same tasks and delivers the changes since'), async () => {
  const asked: (readonly string[])[] = [];
  const server = await serveFaulty((request) => {
    const { method, count } = request;
    if (method === 'tools/call') return created('t1', HOUR);
    if (method !== 'subscriptions/listen') return undefined;
    asked.push(askedFor(request));
    return {
      stream(stream) {
        acknowledge(stream, ['t1']);
        if (count === 1) stream.end();
        else push(stream, completed('t1'));
      },
    };
  });
  const task = await callTask(await clientOf(server.url));
  expect(await task.outcome()).toMatchObject({ status: 'completed', result: { content: RESULT.content } });
  expect(asked).toEqual([['t1'], ['t1']]);
});

test(
  verifies(['X2', 'P9'], 'repeated, late and foreign events change nothing, and each change is reported once'),
  async () => {
    const at = (second: number): string => `2026-01-01T00:00:0${second}Z`;
    const server = await serveFaulty(({ method }) => {
      if (method === 'tools/call') return created('t1', HOUR);
      if (method !== 'subscriptions/listen') return undefined;
      return {
        stream(stream) {
          acknowledge(stream, ['t1']);
          const half = { ...working('t1', HOUR), statusMessage: 'half', lastUpdatedAt: at(5) };
          for (let count = 0; count < 3; count += 1) push(stream, half);
          push(stream, { ...half, statusMessage: 'begun', lastUpdatedAt: at(1) });
          push(stream, completed('t9'));
          push(stream, { taskId: 't1', status: ['no', 'status'] });
          stream.send({ method: 'notifications/tasks', params: {} });
          for (let count = 0; count < 3; count += 1) push(stream, { ...completed('t1'), lastUpdatedAt: at(7) });
          push(stream, { ...half, lastUpdatedAt: at(9) });
        },
      };
    });
    const task = await callTask(await clientOf(server.url));
    const reported = (await updatesOf(task)).flatMap((update) =>
      update.kind === 'status' ? [`${update.record.status} ${update.record.statusMessage}`] : [update.kind],
    );
    expect(reported.filter((each) => each !== 'warning')).toEqual([
      'working undefined',
      'working half',
      'unknown undefined',
      'completed undefined',
      'settled',
    ]);
    expect(await task.outcome()).toMatchObject({ status: 'completed' });
    expect(server.count('tasks/get')).toBe(0);
  },
);

test(verifies('X2', 'a status pushed before the creation reply is recovered by the poll'), async () => {
  const core = CORE_TASK;
  const server = await serveFaulty(
    ({ method }) => {
      if (method === 'tasks/get') return { result: { ...core, status: 'completed' } };
      if (method === 'tasks/result') return { result: { content: RESULT.content } };
      if (method !== 'tools/call') return undefined;
      return {
        stream({ send, finish }) {
          send({ method: 'notifications/tasks/status', params: { ...core, status: 'completed' } });
          finish({ task: core });
        },
      };
    },
    { revision: '2025-11-25' },
  );
  const task = await callTask(await clientOf(server.url));
  const updates = await updatesOf(task);
  expect(updates.at(-1)).toMatchObject({
    kind: 'settled',
    outcome: { status: 'completed', result: { content: RESULT.content } },
  });
  expect([server.count('tools/call'), server.count('tasks/result')]).toEqual([1, 1]);
});

test(verifies('X2', 'a pushed status of 2025-11-25 fetches the result without waiting for the poll'), async () => {
  const core = { taskId: 't1', status: 'working', ttl: 600_000, pollInterval: HOUR };
  const server = await serveFaulty(
    ({ method }) => {
      if (method === 'tools/call') return { result: { task: core } };
      return method === 'tasks/result' ? { result: { content: RESULT.content } } : undefined;
    },
    { revision: '2025-11-25', standing: true },
  );
  const task = await callTask(await clientOf(server.url));
  await server.notify({ method: 'notifications/tasks/status', params: { ...core, status: 'completed' } });
  expect(await task.outcome()).toMatchObject({ status: 'completed', result: { content: RESULT.content } });
  expect(server.count('tasks/get')).toBe(0);
});
