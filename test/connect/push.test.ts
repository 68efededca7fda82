import { createTaskClient } from '@mcp-tasks/client';
import { connect } from '@mcp-tasks/client/connect';
import { createMemoryStore } from '@mcp-tasks/client/memory-store';
import { expect, onTestFinished, test } from 'vitest';
import { serveDemoHttp } from '../../packages/cli/src/demo/index.ts';
import { acceptedCall } from '../../packages/client/src/testing/accepted-call.ts';
import { demoStdio, EVERYTHING_STDIO } from './support.ts';

async function openDemo(kind: string) {
  if (kind === 'stdio') return connect(demoStdio());
  const demo = await serveDemoHttp({ speed: 0.05 });
  onTestFinished(() => demo.stop());
  return connect({ kind: 'url', url: demo.url });
}

test.each(['HTTP', 'stdio'])(
  'over %s a subscription lists the tasks it honours, and pushes a task to its end',
  async (kind) => {
    const connection = await openDemo(kind);
    onTestFinished(() => connection.close());
    const { taskId } = (await connection.request('tools/call', { name: 'batch', arguments: { items: 3 } })) as {
      taskId: string;
    };
    const seen: unknown[] = [];
    let onDone = (): void => undefined;
    const done = new Promise<void>((resolve) => {
      onDone = resolve;
    });
    connection.onNotification((method, params) => {
      if (method !== 'notifications/tasks') return;
      seen.push(params.taskId);
      if (params.status === 'completed') onDone();
    });
    const leave = new AbortController();
    const subscription = await connection.subscribe?.([taskId, 'no-such-task'], leave.signal);
    expect(subscription?.honoured).toEqual([taskId]);
    await done;
    expect(new Set(seen)).toEqual(new Set([taskId]));
    leave.abort();
    await subscription?.ended;
  },
);

test('a task of a real server is delivered by push, long before its next poll', async () => {
  const demo = await serveDemoHttp({ speed: 0.05 });
  onTestFinished(() => demo.stop());
  const connection = await connect({ kind: 'url', url: demo.url });
  const tasks = createTaskClient({ connection, store: createMemoryStore(), minPollIntervalMs: 600_000 });
  onTestFinished(() => tasks.close());
  const call = await acceptedCall(tasks, { name: 'batch', arguments: { items: 5 } });
  if (call.kind !== 'task') throw new Error('No task');
  expect(await call.task.outcome({ timeoutMs: 120_000 })).toMatchObject({ status: 'completed' });
});

test('a connection of a revision without push has no subscribe', async () => {
  const connection = await connect(EVERYTHING_STDIO);
  expect(connection.subscribe).toBeUndefined();
  await connection.close();
});
