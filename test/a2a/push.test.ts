import { createTaskClient } from '@mcp-tasks/client';
import { connect } from '@mcp-tasks/client/connect';
import { createMemoryStore } from '@mcp-tasks/client/memory-store';
import { expect, onTestFinished, test } from 'vitest';
import { acceptedCall } from '../../packages/client/src/testing/accepted-call.ts';
import { verifies } from '../faults/scenarios.ts';
import { type AgentInterface, serveAgent } from './agent-server.ts';
import { serveLosingProxy } from './losing-proxy.ts';

const all: readonly AgentInterface[] = ['1.0 JSONRPC', '1.0 HTTP+JSON', '0.3 JSONRPC', '0.3 HTTP+JSON'];

/** Polls are an hour apart: every earlier update arrived on a stream. */
async function begin(agentInterface: AgentInterface, text: string, minPollIntervalMs = 3_600_000) {
  const server = await serveAgent({ offers: [agentInterface], isRelative: true });
  onTestFinished(() => server.stop());
  const proxy = await serveLosingProxy(server.url);
  onTestFinished(() => proxy.stop());
  const connection = await connect({ kind: 'url', url: proxy.url, protocol: 'a2a' });
  const tasks = createTaskClient({ connection, store: createMemoryStore(), minPollIntervalMs });
  onTestFinished(() => tasks.close());
  const answer = await acceptedCall(tasks, { name: 'send', arguments: { text } });
  if (answer.kind !== 'task') throw new Error('no task');
  return { server, proxy, connection, task: answer.task };
}

const streams = (asked: readonly string[]): readonly string[] =>
  asked.filter((each) => /SubscribeToTask|resubscribe|:subscribe/.test(each));

test.each(all)('an update on the stream of a task arrives before a poll, over %s', async (agentInterface) => {
  const { task } = await begin(agentInterface, 'deploy shop');
  await expect.poll(() => task.latest.status).toBe('input_required');
  expect(Object.values(task.latest.inputRequests)).toMatchObject([{ params: { message: 'Which region?' } }]);
});

test.each(all)('parts of a result are reported as progress while the agent works, over %s', async (agentInterface) => {
  const { server, task } = await begin(agentInterface, 'work hard');
  const messages: string[] = [];
  const collect = async () => {
    for await (const update of task.updates()) if (update.kind === 'progress') messages.push(update.message ?? '');
  };
  void collect();
  const given = () => {
    server.agent.sendArtifact(); // repeat until the agent has a stream to push on
    return messages[0];
  };
  await expect.poll(given).toMatch(/^report.txt, \d+ parts so far$/);
  expect(task.latest.progress?.progress).toBeGreaterThanOrEqual(2);
  expect(task.latest).toMatchObject({ phase: 'open', status: 'working' });
});

test(
  verifies('A1', "neither a stream's end nor the end of a task on it settles the task: only a poll does"),
  async () => {
    const { server, task, proxy } = await begin('1.0 JSONRPC', 'work hard', 0);
    await expect.poll(() => streams(server.asked).length).toBe(1);
    proxy.cut()();
    await expect.poll(() => streams(server.asked).length).toBeGreaterThan(1);
    expect(task.latest).toMatchObject({ phase: 'open', status: 'working' });
    server.agent.finish();
    const outcome = await task.outcome();
    expect(outcome).toMatchObject({ status: 'completed', result: { structuredContent: { rows: 3 } } });
  },
);

test('a task has one stream, even when it is subscribed to again', async () => {
  const { server, connection } = await begin('1.0 JSONRPC', 'work hard');
  await expect.poll(() => streams(server.asked).length).toBe(1);
  const taskId = (await connection.request('ListTasks', {})) as { tasks: readonly { id: string }[] };
  const leave = new AbortController();
  const { honoured } = (await connection.subscribe?.([taskId.tasks[0]?.id ?? ''], leave.signal)) ?? {};
  expect(honoured).toEqual([taskId.tasks[0]?.id]);
  expect(streams(server.asked)).toHaveLength(1);
  await expect(connection.subscribe?.(['no such task'], leave.signal)).rejects.toMatchObject({
    failure: { kind: 'rpc' },
  });
  leave.abort();
});
