import { expect, test } from 'vitest';
import type { JsonValue } from '../../packages/client/src/task/json.ts';
import { acceptedCall } from '../../packages/client/src/testing/accepted-call.ts';
import { fail, type Script } from '../../packages/client/src/testing/index.ts';
import { RESULT } from './polled-world.ts';
import { verifies } from './scenarios.ts';
import { CORE_WORKING, CREATED, callTask, createWorld, WORKING } from './world.ts';

test(verifies('C7', 'a task reply to a call without task support is a typed error with the task id'), async () => {
  const script: Script = ({ method }) =>
    method === 'tools/list' ? { tools: [{ name: 'deploy' }] } : { task: CORE_WORKING };
  const world = createWorld(script, { revision: '2025-11-25' });
  await expect(acceptedCall(world.client, { name: 'deploy' })).rejects.toMatchObject({
    code: 'invalid-response',
    message: expect.stringContaining('t1'),
  });
  expect((await world.store.list()).records).toMatchObject([
    { outcome: { status: 'unknown', error: { data: CORE_WORKING } } },
  ]);
});

test.each<[string, JsonValue]>([
  ['2026-07-28', { task: CORE_WORKING }],
  ['2025-11-25', { resultType: 'task', ...WORKING }],
])(
  `${verifies('C7', 'a task reply in the shape of the other revision keeps its id and is no success, under')} %s`,
  async (revision, created) => {
    const script: Script = ({ method }) =>
      method === 'tools/list' ? list('required') : method === 'tools/call' ? created : CORE_WORKING;
    const world = createWorld(script, { revision });
    expect((await callTask(world)).latest).toMatchObject({ taskId: 't1', phase: 'open' });
    await world.client.close();
  },
);

test(verifies('C7', 'under 2025-11-25 an input_required reply of 2026-07-28 is an error, not a result'), async () => {
  const script: Script = ({ method }) =>
    method === 'tools/list' ? list('optional') : { resultType: 'input_required', requestState: 's' };
  const world = createWorld(script, { revision: '2025-11-25' });
  await expect(acceptedCall(world.client, { name: 'deploy' })).rejects.toMatchObject({
    code: 'connection-lost',
    message: expect.stringContaining('of another revision'),
  });
});

test.each<[string, JsonValue]>([
  ['2026-07-28', CREATED],
  ['2025-11-25', { task: CORE_WORKING }],
])(
  `${verifies('C7', 'a task reply to tools/list is a typed error with the task id, under')} %s`,
  async (revision, made) => {
    const world = createWorld(() => made, { revision });
    await expect(world.client.listTools()).rejects.toMatchObject({
      code: 'invalid-response',
      message: expect.stringContaining('t1'),
    });
  },
);

test('listing tools stops at a repeated cursor and returns each tool once', async () => {
  const page = (name: string, nextCursor?: string) => ({
    tools: [{ name }, { name: 'deploy' }],
    ...(nextCursor === undefined ? {} : { nextCursor }),
  });
  const world = createWorld(({ params }) => (params.cursor === undefined ? page('deploy', 'a') : page('report', 'a')));
  expect((await world.client.listTools()).map(({ name }) => name)).toEqual(['deploy', 'report']);
  expect(world.connection.count('tools/list')).toBe(2);
});

const list = (support: string | undefined): JsonValue => ({
  tools: [{ name: 'deploy', ...(support === undefined ? {} : { execution: { taskSupport: support } }) }],
});

const core = { revision: '2025-11-25' };

test.each([-32601, -32600])(
  `${verifies('C8', 'a plain call refused with')} %i is repeated as a task call when tools/list has failed`,
  async (code) => {
    const script: Script = ({ method, params }) => {
      if (method === 'tools/list') return fail({ kind: 'http', status: 503, message: '503' });
      if (method !== 'tools/call') return CORE_WORKING;
      return params.task === undefined ? fail({ kind: 'rpc', code, message: 'task required' }) : { task: CORE_WORKING };
    };
    const world = createWorld(script, core);
    expect((await callTask(world)).latest.taskId).toBe('t1');
    await world.client.close();
  },
);

/** Every call requests progress. */
const PROGRESS = { progressToken: expect.stringContaining('mcp-tasks:') };

test(verifies('C8', 'a tool that forbids tasks is called plainly, and its error is final'), async () => {
  const script: Script = ({ method }) =>
    method === 'tools/list' ? list('forbidden') : fail({ kind: 'rpc', code: -32601, message: 'no such tool' });
  const world = createWorld(script, core);
  await expect(acceptedCall(world.client, { name: 'deploy' })).rejects.toMatchObject({ code: 'rpc-error' });
  expect(world.connection.sent.filter(({ method }) => method === 'tools/call')).toEqual([
    { method: 'tools/call', params: { name: 'deploy', arguments: {}, _meta: PROGRESS } },
  ]);
});

test(verifies('C8', 'without the tasks capability a call requests no task and sends no other request'), async () => {
  const world = createWorld(() => RESULT, { ...core, capabilities: { tools: {} } });
  expect(await acceptedCall(world.client, { name: 'deploy' })).toMatchObject({ kind: 'complete', result: RESULT });
  expect(world.connection.sent).toEqual([
    { method: 'tools/call', params: { name: 'deploy', arguments: {}, _meta: PROGRESS } },
  ]);
});

test(verifies('C8', 'a plain reply to a call that requested a task is the result'), async () => {
  const world = createWorld(({ method }) => (method === 'tools/list' ? list('optional') : RESULT), core);
  expect(await acceptedCall(world.client, { name: 'deploy' })).toMatchObject({ kind: 'complete', result: RESULT });
  expect(world.connection.sent[1]?.params).toEqual({ name: 'deploy', arguments: {}, task: {}, _meta: PROGRESS });
});

const polled = { ...WORKING, status: 'completed', result: RESULT };

test.each<[string, string, JsonValue]>([
  ['2026-07-28', 'without resultType', WORKING],
  ['2026-07-28', 'with an unknown resultType', { ...WORKING, resultType: 'async' }],
  ['2025-11-25', 'flat and without resultType', CORE_WORKING],
])(`${verifies('S6', 'a task is followed to its end, under')} %s %s`, async (revision, _, created) => {
  const script: Script = ({ method }) => {
    if (method === 'tools/list') return list('optional');
    if (method === 'tools/call') return created;
    return method === 'tasks/result' ? RESULT : polled;
  };
  const world = createWorld(script, { revision });
  const task = await callTask(world);
  expect(task.latest).toMatchObject({ taskId: 't1', phase: 'open', status: 'working' });
  await world.clock.advance(2_000);
  expect(await task.outcome()).toMatchObject({ status: 'completed', result: RESULT });
  expect(world.connection.count('tasks/get')).toBe(1);
  await world.client.close();
});

test(verifies('S6', 'a completed status without a result is not reported as completed'), async () => {
  const script: Script = ({ method }) => (method === 'tools/call' ? WORKING : { ...WORKING, status: 'completed' });
  const world = createWorld(script);
  const task = await callTask(world);
  await world.clock.advance(2_000);
  expect(await task.outcome()).toMatchObject({ status: 'unknown', error: { code: null } });
  await world.client.close();
});

test(verifies('S5', 'a task with a million questions keeps its id, is reported, and is still polled'), async () => {
  const inputRequests = Object.fromEntries(Array.from({ length: 1_000_000 }, (_, at) => [`q${at}`, { method: 'x' }]));
  const asking = { ...WORKING, status: 'input_required', inputRequests };
  const world = createWorld(({ method }, count) => (method === 'tools/call' ? CREATED : count === 1 ? asking : polled));
  const task = await callTask(world);
  await world.clock.advance(1_000);
  expect(task.latest).toMatchObject({ taskId: 't1', inputRequests: {}, ledger: {} });
  expect(task.latest.trouble).toContain('asks 1000000 questions');
  await world.clock.advance(1_000);
  expect(await task.outcome()).toMatchObject({ status: 'completed' });
  await world.client.close();
});
