import { createTaskClient, type FollowedTask } from '@mcp-tasks/client';
import { connect } from '@mcp-tasks/client/connect';
import { createMemoryStore } from '@mcp-tasks/client/memory-store';
import { expect, onTestFinished, test } from 'vitest';
import { acceptedCall } from '../../packages/client/src/testing/accepted-call.ts';
import { verifies } from '../faults/scenarios.ts';
import { type AgentInterface, type AgentOptions, type AgentServer, serveAgent } from './agent-server.ts';

async function clientOf(options: AgentOptions = {}) {
  const server = await serveAgent(options);
  onTestFinished(() => server.stop());
  const store = createMemoryStore();
  const connection = await connect({ kind: 'url', url: server.url, protocol: 'a2a' });
  const tasks = createTaskClient({ connection, store });
  onTestFinished(() => tasks.close());
  return { server, store, connection, tasks };
}

async function begin(text: string, options: AgentOptions = {}): Promise<{ task: FollowedTask; server: AgentServer }> {
  const { tasks, server } = await clientOf(options);
  const answer = await acceptedCall(tasks, { name: 'send', arguments: { text } });
  if (answer.kind !== 'task') throw new Error(JSON.stringify(answer.result));
  return { task: answer.task, server };
}

async function asked(task: FollowedTask) {
  await expect.poll(() => Object.keys(task.latest.inputRequests)).not.toEqual([]);
  const [key = ''] = Object.keys(task.latest.inputRequests);
  return { key, params: task.latest.inputRequests[key]?.params };
}

const all: readonly AgentInterface[] = ['1.0 JSONRPC', '1.0 HTTP+JSON', '0.3 JSONRPC', '0.3 HTTP+JSON'];

test.each(all)(
  verifies('A1', 'a task works, asks, is answered and completes, over %s alone'),
  async (agentInterface) => {
    const { task, server } = await begin('deploy shop', { offers: [agentInterface] });
    const { key, params } = await asked(task);
    expect(params).toMatchObject({ message: 'Which region?' });
    await (await task.question(key)).answer({ action: 'accept', content: { text: 'eu' } });
    expect(await task.outcome()).toMatchObject({
      status: 'completed',
      result: { content: [{ type: 'text', text: 'deployed to eu' }] },
    });
    expect(server.agent.received).toEqual(['deploy shop', 'eu']);
    expect(task.latest).toMatchObject({ protocol: 'a2a', revision: agentInterface.split(' ')[0], tool: 'send' });
    expect(task.latest.context).toBeTypeOf('string');
  },
);

test('artifacts become the content of the result, and a data artifact its structured content', async () => {
  const { task } = await begin('report');
  const outcome = await task.outcome();
  expect(outcome.result).toMatchObject({
    content: [
      { type: 'text', text: 'part one; ' },
      { type: 'text', text: 'part two' },
      { type: 'text', text: '{"rows":3}' },
    ],
    structuredContent: { rows: 3 },
    _meta: { 'a2a/artifacts': [{ artifactId: 'report', name: 'report.txt' }, { artifactId: 'data' }] },
  });
});

test.each(all)('a rejected or failed task fails with the message of the agent, over %s', async (agentInterface) => {
  const { tasks } = await clientOf({ offers: [agentInterface] });
  const outcomeOf = async (text: string) => {
    const answer = await acceptedCall(tasks, { name: 'send', arguments: { text } });
    return answer.kind === 'task' ? answer.task.outcome() : answer;
  };
  expect(await outcomeOf('reject it')).toEqual({
    status: 'failed',
    error: { code: null, message: 'I do not do that', data: { state: 'rejected' } },
  });
  expect(await outcomeOf('fail it')).toMatchObject({ error: { message: 'It broke', data: { state: 'failed' } } });
});

test.each(all)('a reply that is only a message completes the call, over %s', async (agentInterface) => {
  const { tasks } = await clientOf({ offers: [agentInterface] });
  const answer = await acceptedCall(tasks, { name: 'send', arguments: { text: 'hello' } });
  expect(answer).toMatchObject({ kind: 'complete', result: { content: [{ type: 'text', text: 'Hello yourself' }] } });
});

test('a sign-in that the agent requires is a question of the task, and polling continues', async () => {
  const { task, server } = await begin('auth please');
  const { params } = await asked(task);
  const message = 'Authorization required: Sign in at https://example.com/in';
  expect(params).toMatchObject({ message, _meta: { 'a2a/auth': true } });
  expect(task.latest).toMatchObject({ status: 'input_required', outcome: null });
  const polls = (): number => server.asked.filter((method) => method === 'GetTask').length;
  const before = polls();
  await expect.poll(polls).toBeGreaterThan(before);
});

test('a question without a message shows the last message of the agent', async () => {
  const { task } = await begin('mute');
  const { key, params } = await asked(task);
  expect(params).toMatchObject({ message: expect.stringMatching(/Shall I go on\?|waits for your answer/) });
  await (await task.question(key)).answer({ action: 'accept', content: { text: 'yes' } });
  expect(await task.outcome()).toMatchObject({ status: 'completed' });
});

test('each turn of a chat is a question of its own, and the task never completes by itself', async () => {
  const { task, server } = await begin('chat with me');
  const first = await asked(task);
  await (await task.question(first.key)).answer({ action: 'accept', content: { text: 'one' } });
  await expect.poll(() => Object.keys(task.latest.inputRequests)).not.toEqual([first.key]);
  const second = await asked(task);
  expect(second.params).toMatchObject({ message: 'You said one' });
  expect(server.agent.received).toEqual(['chat with me', 'one']);
  expect(task.latest.phase).toBe('open');
});

test('declining the question of an agent is refused, and nothing is recorded', async () => {
  const { task } = await begin('deploy shop');
  const { key } = await asked(task);
  const refused = (await task.question(key)).answer({ action: 'decline' });
  await expect(refused).rejects.toMatchObject({ code: 'unsupported' });
  expect(task.latest.ledger[key]?.state).toBe('open');
});

test('an agent whose card has relative URLs is reached at the host of its card', async () => {
  const { tasks } = await clientOf({ isRelative: true });
  expect(await acceptedCall(tasks, { name: 'send', arguments: { text: 'hello' } })).toMatchObject({ kind: 'complete' });
});

test('an agent is one tool whose description lists its skills', async () => {
  const { tasks, connection } = await clientOf();
  const [tool] = await tasks.listTools();
  expect(tool).toMatchObject({ name: 'send', taskSupport: 'optional' });
  expect(tool?.description).toBe('Follows a script\nDeploy: Deploys a shop (for example: deploy shop)');
  expect(connection.negotiated).toMatchObject({ protocol: 'a2a', revision: '1.0', server: { name: 'Script' } });
});

test("an agent's listed tasks without a record can be adopted", async () => {
  const { server, tasks } = await clientOf();
  await begin('hello').catch(() => undefined);
  const other = createTaskClient({
    connection: await connect({ kind: 'url', url: server.url, protocol: 'a2a' }),
    store: createMemoryStore(),
  });
  onTestFinished(() => other.close());
  const answer = await acceptedCall(other, { name: 'send', arguments: { text: 'deploy shop' } });
  if (answer.kind !== 'task') throw new Error('no task');
  const [listed] = await tasks.listUnrecorded();
  expect(listed?.taskId).toBe(answer.task.latest.taskId);
  const adopted = await tasks.adopt({ taskId: listed?.taskId ?? '' });
  expect(await asked(adopted)).toMatchObject({ params: { message: 'Which region?' } });
});

test('a wrong path still finds the card of its agent, and a card behind a token is auth-required', async () => {
  const { server } = await clientOf();
  await expect(connect({ kind: 'url', url: `${server.url}/nowhere.json`, protocol: 'a2a' })).resolves.toBeDefined();
  const empty = await serveAgent({ token: 's3cret' });
  onTestFinished(() => empty.stop());
  await expect(connect({ kind: 'url', url: empty.url, protocol: 'a2a' })).rejects.toMatchObject({
    code: 'auth-required',
  });
});
