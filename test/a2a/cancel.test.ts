import { createTaskClient } from '@mcp-tasks/client';
import { connect } from '@mcp-tasks/client/connect';
import { createMemoryStore } from '@mcp-tasks/client/memory-store';
import { expect, onTestFinished, test } from 'vitest';
import { acceptedCall } from '../../packages/client/src/testing/accepted-call.ts';
import { verifies } from '../faults/scenarios.ts';
import { serveAgent } from './agent-server.ts';

async function begin(text: string) {
  const server = await serveAgent();
  onTestFinished(() => server.stop());
  const connection = await connect({ kind: 'url', url: server.url, protocol: 'a2a' });
  const tasks = createTaskClient({ connection, store: createMemoryStore(), requestTimeoutMs: 1_000 });
  onTestFinished(() => tasks.close());
  const answer = await acceptedCall(tasks, { name: 'send', arguments: { text } });
  if (answer.kind !== 'task') throw new Error('no task');
  return { server, task: answer.task };
}

test('a working task is cancelled when its agent confirms it', async () => {
  const { task } = await begin('work hard');
  await task.cancel();
  expect(await task.outcome()).toEqual({ status: 'cancelled' });
});

test(verifies('A1', 'a cancel without a reply blocks neither the polls nor an answer of a waiting task'), async () => {
  const { task, server } = await begin('deploy shop');
  await expect.poll(() => Object.keys(task.latest.inputRequests)).not.toEqual([]);
  const leave = new AbortController();
  const cancelling = task.cancel({ signal: leave.signal }).catch((error: unknown) => error);
  await expect.poll(() => server.asked).toContain('CancelTask');
  const [key = ''] = Object.keys(task.latest.inputRequests);
  await (await task.question(key)).answer({ action: 'accept', content: { text: 'eu' } });
  expect(await task.outcome()).toMatchObject({ status: 'completed' });
  leave.abort();
  await cancelling;
  expect(server.agent.received).toEqual(['deploy shop', 'eu']);
});
