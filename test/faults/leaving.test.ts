import { expect, test } from 'vitest';
import { answerNow } from '../../packages/client/src/testing/answer-now.ts';
import { fail, type Script } from '../../packages/client/src/testing/index.ts';
import { verifies } from './scenarios.ts';
import { CORE_WORKING, CREATED, callTask, createWorld, methodsOf, QUESTION, WORKING } from './world.ts';

const RESULT = { content: [{ type: 'text', text: 'done' }] };

test(verifies('L1', 'detaching sends nothing, and the task stays recorded'), async () => {
  const world = createWorld(({ method }) => (method === 'tools/call' ? CREATED : WORKING));
  const task = await callTask(world);
  const leaving = new AbortController();
  const outcome = task.outcome({ signal: leaving.signal });
  leaving.abort();
  expect(await outcome).toEqual({ status: 'detached' });
  task.detach();
  await world.clock.advance(60_000);
  expect(methodsOf(world)).toEqual(['tools/call']);
  expect((await world.store.list({ open: true })).records).toMatchObject([{ taskId: 't1', status: 'working' }]);
  expect(await world.store.ownerOf(task.id)).toBeUndefined();
});

test(
  verifies('L2', 'a task that completes after an acknowledged cancel is reported as completed and never as cancelled'),
  async () => {
    const seen: string[] = [];
    const world = createWorld(({ method }, count) => {
      if (method === 'tools/call') return CREATED;
      if (method === 'tasks/cancel') return {};
      return count < 4 ? WORKING : { ...WORKING, status: 'completed', result: RESULT };
    });
    const task = await callTask(world);
    void (async () => {
      for await (const update of task.updates()) seen.push(update.record.status);
    })();
    await task.cancel();
    await world.clock.advance(10_000);
    expect(await task.outcome()).toMatchObject({ status: 'completed', result: RESULT });
    expect(new Set(seen)).toEqual(new Set(['working', 'completed']));
  },
);

test(verifies('L3', 'cancelling a finished task of 2025-11-25 reports that it has ended'), async () => {
  const script: Script = ({ method }) => {
    if (method === 'tools/list') return { tools: [{ name: 'deploy', execution: { taskSupport: 'required' } }] };
    if (method === 'tools/call') return { task: CORE_WORKING };
    if (method === 'tasks/cancel') return fail({ kind: 'rpc', code: -32602, message: 'Task is already terminal' });
    return method === 'tasks/result' ? RESULT : { ...CORE_WORKING, status: 'completed' };
  };
  const world = createWorld(script, { revision: '2025-11-25' });
  const task = await callTask(world);
  const cancelled = task.cancel().catch((error: unknown) => error);
  await world.clock.advance(2_000);
  expect(await cancelled).toMatchObject({
    code: 'already-settled',
    message: expect.stringContaining('has ended: completed'),
  });
  expect(await task.outcome()).toMatchObject({ status: 'completed', result: RESULT });
});

test(
  verifies(
    'L4',
    'closing during a poll, a cancel and an answer leaves no timer, no pending wait and no unhandled rejection',
  ),
  async () => {
    const rejections: unknown[] = [];
    const onRejection = (reason: unknown): void => void rejections.push(reason);
    process.on('unhandledRejection', onRejection);
    const world = createWorld(({ method }, count) => {
      if (method === 'tools/call') return CREATED;
      if (method === 'tasks/cancel' || method === 'tasks/update') return new Promise<never>(() => undefined);
      if (count > 2) return new Promise<never>(() => undefined);
      return { ...WORKING, status: 'input_required', inputRequests: { approve: QUESTION } };
    });
    const task = await callTask(world);
    await world.clock.advance(3_000);
    const waiting = [
      task.outcome(),
      task.cancel().catch((error: { code: string }) => error.code),
      answerNow(task, 'approve', { action: 'decline' }).catch((error: { code: string }) => error.code),
    ];
    const updates = (async () => {
      for await (const _ of task.updates());
      return 'ended';
    })();
    await world.clock.settle();
    await world.client.close();
    expect(await waiting[0]).toEqual({ status: 'detached' });
    expect(await Promise.all(waiting.slice(1))).toEqual(['closed', 'closed']);
    expect(await updates).toBe('ended');
    expect(world.clock.pending).toBe(0);
    await world.clock.settle();
    process.off('unhandledRejection', onRejection);
    expect(rejections).toEqual([]);
  },
);

test(verifies('L5', 'neither close nor the end of an await using block cancels a task'), async () => {
  const world = createWorld(({ method }) => (method === 'tools/call' ? CREATED : WORKING));
  {
    await using client = world.client;
    expect(client.connection).toBe(world.connection);
    await callTask(world);
    await world.clock.advance(2_000);
  }
  await world.clock.advance(60_000);
  expect(world.connection.count('tasks/cancel')).toBe(0);
  expect(world.clock.pending).toBe(0);
});
