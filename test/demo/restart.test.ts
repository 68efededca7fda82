import { CallToolResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { expect, test } from 'vitest';
import { connectSdkV1 } from './sdk-v1-client.ts';
import { eventually, freshDirectory, send, spawnDemo, stepsOf, until } from './support.ts';

test('a server killed with -9 during five tasks finishes each of them once after its restart', async () => {
  const storeDirectory = freshDirectory();
  // Slow before the kill, so that no task completes; then fast.
  const first = await spawnDemo({ speed: 3, storeDirectory });
  const start = async (name: string, args: object = {}) =>
    (await send(first.url, 'tools/call', { name, arguments: args })).result?.taskId as string;
  const release = await start('release');
  await until(first.url, release, 'input_required');
  const ids = [
    release,
    await start('report'),
    await start('batch', { items: 6 }),
    await start('batch-pinned', { items: 6 }),
    await start('import'),
  ];
  const failing = ids.at(-1);
  await send(first.url, 'tasks/update', {
    taskId: release,
    inputResponses: { approval: { action: 'accept', content: { approve: true } } },
  });
  await first.kill('SIGKILL');
  for (const taskId of ids) {
    const kinds = stepsOf(storeDirectory, taskId).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'completed' || kind === 'failed')).toEqual([]);
  }

  const second = await spawnDemo({ speed: 0.1, storeDirectory });
  const asking = await until(second.url, release, 'input_required');
  expect(Object.keys(asking.inputRequests as object)).toEqual(['strategy']);
  await send(second.url, 'tasks/update', {
    taskId: release,
    inputResponses: { strategy: { action: 'accept', content: { strategy: 'canary' } } },
  });
  for (const taskId of ids) {
    const { status } = await until(second.url, taskId, 'completed', 'failed', 'cancelled');
    expect(status).toBe(taskId === failing ? 'failed' : 'completed');
    const steps = stepsOf(storeDirectory, taskId);
    expect(steps.filter(({ kind }) => kind === status)).toHaveLength(1);
    expect(steps.map(({ position }) => position)).toEqual(steps.map((_, index) => index));
  }
  await second.kill('SIGTERM');
});

test('after a kill, a task of a session asks again in the same session', async () => {
  const options = { speed: 0.05, storeDirectory: freshDirectory() };
  const first = await spawnDemo(options);
  const before = await connectSdkV1(first.url, { answer: () => new Promise(() => {}) });
  const taskId = await before.start('release');
  void before.client.experimental.tasks.getTaskResult(taskId, CallToolResultSchema).catch(() => {});
  await eventually(() => before.asked.length).toBe(1);
  await first.kill('SIGKILL');
  const { sessionId } = before.transport;
  await before.close();

  const second = await spawnDemo(options);
  const after = await connectSdkV1(second.url, {
    sessionId: sessionId!,
    answer: () => ({ action: 'accept', content: { approve: true, strategy: 'rolling' } }),
  });
  const result = await after.client.experimental.tasks.getTaskResult(taskId, CallToolResultSchema);
  expect(JSON.stringify(result)).toContain('is live');
  await after.close();
  await second.kill('SIGTERM');
});

test('a task whose tool this process lacks waits for a process that has the tool', async () => {
  const storeDirectory = freshDirectory();
  const options = { speed: 0.05, storeDirectory };
  const first = await spawnDemo({ ...options, conformance: true, speed: 1 });
  const { result } = await send(first.url, 'tools/call', { name: 'slow_compute', arguments: { seconds: 2 } });
  const taskId = result?.taskId as string;
  await first.kill();
  const without = await spawnDemo(options);
  const ours = await send(without.url, 'tools/call', { name: 'report', arguments: {} });
  await until(without.url, ours.result?.taskId as string, 'completed');
  expect((await send(without.url, 'tasks/get', { taskId })).result?.status).toBe('working');
  await without.kill();
  const again = await spawnDemo({ ...options, conformance: true });
  expect((await until(again.url, taskId, 'completed')).status).toBe('completed');
  await again.kill('SIGTERM');
});
