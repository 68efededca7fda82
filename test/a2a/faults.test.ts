import { createTaskClient, type FollowedTask } from '@mcp-tasks/client';
import { connect } from '@mcp-tasks/client/connect';
import { createMemoryStore } from '@mcp-tasks/client/memory-store';
import { expect, onTestFinished, test } from 'vitest';
import { acceptedCall } from '../../packages/client/src/testing/accepted-call.ts';
import { verifies } from '../faults/scenarios.ts';
import { type AgentInterface, serveAgent } from './agent-server.ts';
import { serveLosingProxy } from './losing-proxy.ts';

const list: readonly AgentInterface[] = ['1.0 JSONRPC', '1.0 HTTP+JSON'];
const all: readonly AgentInterface[] = [...list, '0.3 JSONRPC', '0.3 HTTP+JSON'];

/** The text of a message as it appears in a request body. */
const inMessage = (text: string): string => `"text":"${text}"`;

async function setUp(agentInterface: AgentInterface) {
  const server = await serveAgent({ offers: [agentInterface], isRelative: true });
  onTestFinished(() => server.stop());
  const proxy = await serveLosingProxy(server.url);
  onTestFinished(() => proxy.stop());
  const store = createMemoryStore();
  const client = async (owner?: string) => {
    const connection = await connect({ kind: 'url', url: proxy.url, protocol: 'a2a' });
    const tasks = createTaskClient({ connection, store, ...(owner === undefined ? {} : { owner }) });
    onTestFinished(() => tasks.close());
    return tasks;
  };
  return { server, proxy, store, client };
}

async function keyOf(task: FollowedTask): Promise<string> {
  await expect.poll(() => Object.keys(task.latest.inputRequests)).not.toEqual([]);
  return Object.keys(task.latest.inputRequests)[0] ?? '';
}

const eu = { action: 'accept', content: { text: 'eu' } };

test.each(list)(
  verifies('A1', 'a start whose reply was lost is found and not repeated, over %s'),
  async (agentInterface) => {
    const { server, proxy, client } = await setUp(agentInterface);
    proxy.loseReplyTo(inMessage('report please'));
    const answer = await acceptedCall(await client(), { name: 'send', arguments: { text: 'report please' } });
    if (answer.kind !== 'task') throw new Error('no task');
    expect(await answer.task.outcome()).toMatchObject({
      status: 'completed',
      result: { structuredContent: { rows: 3 } },
    });
    expect(server.agent.received).toEqual(['report please']);
  },
);

test('a start whose reply was lost stays unknown where the agent lists no tasks', async () => {
  const { server, proxy, client, store } = await setUp('0.3 JSONRPC');
  proxy.loseReplyTo(inMessage('report please'));
  const calling = acceptedCall(await client(), { name: 'send', arguments: { text: 'report please' } });
  await expect(calling).rejects.toMatchObject({ code: 'connection-lost' });
  expect((await store.list()).records).toMatchObject([{ phase: 'intent', status: 'unknown', taskId: null }]);
  expect(server.agent.received).toEqual(['report please']);
});

test('a start lost with its client is found by the next client', async () => {
  const { server, proxy, client, store } = await setUp('1.0 JSONRPC');
  const first = await client('first');
  proxy.loseReplyTo(inMessage('deploy shop'));
  const calling = acceptedCall(first, { name: 'send', arguments: { text: 'deploy shop' } }).catch(() => undefined);
  await expect.poll(() => server.agent.received).toEqual(['deploy shop']);
  const back = proxy.cut();
  await first.close();
  await calling;
  back();
  const [record] = (await store.list()).records;
  const task = await (await client('second')).get(record?.id ?? '').follow();
  await (await task.question(await keyOf(task))).answer(eu);
  expect(await task.outcome()).toMatchObject({ status: 'completed' });
  expect(server.agent.received).toEqual(['deploy shop', 'eu']);
});

test.each(all)(verifies('A1', 'an answer whose reply was lost runs once, over %s'), async (agentInterface) => {
  const { server, proxy, client } = await setUp(agentInterface);
  const answer = await acceptedCall(await client(), { name: 'send', arguments: { text: 'deploy shop' } });
  if (answer.kind !== 'task') throw new Error('no task');
  const { task } = answer;
  const question = await task.question(await keyOf(task));
  proxy.loseReplyTo(inMessage('eu'));
  await question.answer(eu);
  expect(await task.outcome()).toMatchObject({ status: 'completed' });
  expect(server.agent.received).toEqual(['deploy shop', 'eu']);
});

test('an answer that may be lost is not resent automatically, and a person can give it again', async () => {
  const { server, proxy, client } = await setUp('1.0 JSONRPC');
  const answer = await acceptedCall(await client(), { name: 'send', arguments: { text: 'deploy shop' } });
  if (answer.kind !== 'task') throw new Error('no task');
  const { task } = answer;
  const key = await keyOf(task);
  const question = await task.question(key);
  const back = proxy.cut();
  const answering = question.answer(eu);
  await expect.poll(() => task.latest.ledger[key]).toMatchObject({ state: 'answering', sentAt: expect.any(Number) });
  await expect.poll(() => task.latest.trouble).toBeDefined();
  back();
  await expect(answering).rejects.toMatchObject({ message: expect.stringContaining('may be lost') });
  expect(server.agent.received).toEqual(['deploy shop']);
  await (await task.question(key)).answer(eu);
  expect(await task.outcome()).toMatchObject({ status: 'completed' });
  expect(server.agent.received).toEqual(['deploy shop', 'eu']);
});

test('a task is followed across a restart of its agent', async () => {
  const { server, client } = await setUp('1.0 JSONRPC');
  const answer = await acceptedCall(await client(), { name: 'send', arguments: { text: 'deploy shop' } });
  if (answer.kind !== 'task') throw new Error('no task');
  const { task } = answer;
  const key = await keyOf(task);
  await server.restart(true);
  const before = server.asked.length;
  await expect.poll(() => server.asked.length).toBeGreaterThan(before);
  await (await task.question(key)).answer(eu);
  expect(await task.outcome()).toMatchObject({ status: 'completed' });
});

test('a task that its agent has forgotten in a restart is expired', async () => {
  const { server, client } = await setUp('1.0 JSONRPC');
  const answer = await acceptedCall(await client(), { name: 'send', arguments: { text: 'deploy shop' } });
  if (answer.kind !== 'task') throw new Error('no task');
  await server.restart(false);
  expect(await answer.task.outcome()).toMatchObject({ status: 'expired', error: { code: -32001 } });
});

test('a restarted client resumes a task even if its agent now speaks another version', async () => {
  const { client, store } = await setUp('1.0 JSONRPC');
  const first = await client('first');
  const answer = await acceptedCall(first, { name: 'send', arguments: { text: 'deploy shop' } });
  if (answer.kind !== 'task') throw new Error('no task');
  const { id } = answer.task;
  await keyOf(answer.task);
  await first.close();
  await store.update(id, (record) => ({ ...record, revision: '0.3' }));
  const task = await (await client('second')).get(id).follow();
  await (await task.question(await keyOf(task))).answer(eu);
  expect(await task.outcome()).toMatchObject({ status: 'completed' });
});

test('an agent that speaks another version than its card states is addressed in the version it speaks', async () => {
  const server = await serveAgent({ offers: ['0.3 JSONRPC'], statedVersion: '1.0' });
  onTestFinished(() => server.stop());
  const connection = await connect({ kind: 'url', url: server.url, protocol: 'a2a' });
  const tasks = createTaskClient({ connection, store: createMemoryStore() });
  onTestFinished(() => tasks.close());
  const answer = await acceptedCall(tasks, { name: 'send', arguments: { text: 'report please' } });
  if (answer.kind !== 'task') throw new Error('no task');
  expect(await answer.task.outcome()).toMatchObject({ status: 'completed' });
  expect(server.agent.received).toEqual(['report please']);
  expect(connection.negotiated.revision).toBe('0.3');
});
