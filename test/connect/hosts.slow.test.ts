import { createTaskClient, type FollowedTask, type JsonObject } from '@mcp-tasks/client';
import { createMemoryStore } from '@mcp-tasks/client/memory-store';
import { fromSdkV1 } from '@mcp-tasks/client/sdk-v1';
import { fromSdkV2 } from '@mcp-tasks/client/sdk-v2';
import { Client as ClientV2, StreamableHTTPClientTransport as HttpV2 } from '@modelcontextprotocol/client';
import { StdioClientTransport as StdioV2 } from '@modelcontextprotocol/client/stdio';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as StdioV1 } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport as HttpV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { expect, onTestFinished, test } from 'vitest';
import { serveDemoHttp } from '../../packages/cli/src/demo/index.ts';
import { acceptedCall } from '../../packages/client/src/testing/accepted-call.ts';
import { answerNow } from '../../packages/client/src/testing/answer-now.ts';
import { EVERYTHING_STDIO, serveEverything } from './support.ts';

const info = { name: 'host', version: '1' };
const capabilities = { elicitation: { form: {}, url: {} } };
const everything = EVERYTHING_STDIO.kind === 'command' ? EVERYTHING_STDIO : undefined;
const command = { command: everything?.command ?? '', args: [...(everything?.args ?? [])], stderr: 'ignore' as const };

async function demoUrl(revision?: '2026-07-28' | '2025-11-25'): Promise<URL> {
  const demo = await serveDemoHttp({ speed: 0.05, ...(revision === undefined ? {} : { revision }) });
  onTestFinished(() => demo.stop());
  return new URL(demo.url);
}

async function everythingUrl(): Promise<URL> {
  const server = await serveEverything();
  onTestFinished(() => server.stop());
  return new URL(server.url);
}

async function hostV1(transport: StdioV1 | HttpV1): Promise<ClientV1> {
  const client = new ClientV1(info, { capabilities });
  await client.connect(transport);
  onTestFinished(() => client.close());
  return client;
}

async function hostV2(transport: StdioV2 | HttpV2, mode: 'auto' | 'legacy' = 'auto'): Promise<ClientV2> {
  const client = new ClientV2(info, { capabilities, versionNegotiation: { mode } });
  await client.connect(transport);
  onTestFinished(() => client.close());
  return client;
}

async function callTask(tasks: ReturnType<typeof createTaskClient>, name: string, args: JsonObject = {}) {
  const call = await acceptedCall(tasks, { name, arguments: args });
  if (call.kind !== 'task') throw new Error('No task');
  return call.task;
}

async function live(task: FollowedTask, answers: readonly JsonObject[]) {
  let asked = 0;
  for await (const update of task.updates()) {
    if (update.kind !== 'question') continue;
    await answerNow(task, update.key, { action: 'accept', content: answers[asked] ?? {} });
    asked += 1;
  }
  return { asked, outcome: await task.outcome() };
}

const research = [
  'simulate-research-query',
  { topic: 'python', ambiguous: true },
  [{ interpretation: 'snake' }],
] as const;
const release = ['release', { service: 'shop' }, [{ approve: true }, { strategy: 'canary' }]] as const;

test.each([
  ['SDK 1.x over stdio', async () => fromSdkV1(await hostV1(new StdioV1(command))), research],
  ['SDK 1.x over HTTP', async () => fromSdkV1(await hostV1(new HttpV1(await everythingUrl()))), research],
  ['SDK 1.x against the demo', async () => fromSdkV1(await hostV1(new HttpV1(await demoUrl('2025-11-25')))), release],
  [
    'SDK 2.x of the older era over stdio',
    async () => fromSdkV2(await hostV2(new StdioV2(command), 'legacy')),
    research,
  ],
  [
    'SDK 2.x of the older era over HTTP',
    async () => fromSdkV2(await hostV2(new HttpV2(await everythingUrl()))),
    research,
  ],
  ['SDK 2.x of the newer era over HTTP', async () => fromSdkV2(await hostV2(new HttpV2(await demoUrl()))), release],
])('a host with a connected client of %s runs a task from call to answers to result', async (_, open, script) => {
  const tasks = createTaskClient({ connection: await open(), store: createMemoryStore() });
  const [name, args, answers] = script;
  const { asked, outcome } = await live(await callTask(tasks, name, args), answers);
  expect(asked).toBe(answers.length);
  expect(outcome.status).toBe('completed');
  await tasks.close();
});

test("a host's own requests work beside a task client, and after it has closed", async () => {
  const url = await demoUrl();
  const older = await hostV1(new HttpV1(url));
  const newer = await hostV2(new HttpV2(url));
  for (const [client, connection] of [
    [older, fromSdkV1(older)],
    [newer, fromSdkV2(newer)],
  ] as const) {
    const tasks = createTaskClient({ connection, store: createMemoryStore() });
    const task = await callTask(tasks, 'batch', { items: 3 });
    const own = await client.callTool({ name: 'echo', arguments: { text: 'mine' } });
    expect(JSON.stringify(own)).toContain('mine');
    expect(await task.outcome()).toMatchObject({ status: 'completed' });
    await tasks.close();
    const after = await client.callTool({ name: 'echo', arguments: { text: 'still mine' } });
    expect(JSON.stringify(after)).toContain('still mine');
  }
});

test("a question of the host's own call reaches the host's handler, a question of a task reaches the task client", async () => {
  const client = await hostV1(new StdioV1(command));
  const asked: string[] = [];
  client.setRequestHandler(ElicitRequestSchema, async ({ params }) => {
    asked.push(params.message);
    return { action: 'decline' };
  });
  const tasks = createTaskClient({ connection: fromSdkV1(client), store: createMemoryStore() });
  const task = await callTask(tasks, research[0], research[1]);
  await client.callTool({ name: 'trigger-elicitation-request', arguments: {} });
  expect(asked).toHaveLength(1);
  expect(await live(task, research[2])).toMatchObject({ asked: 1, outcome: { status: 'completed' } });
  expect(asked).toHaveLength(1);
});

test("a host's own handlers can answer the questions of tasks, under either revision", async () => {
  const older = await hostV1(new HttpV1(await demoUrl('2025-11-25')));
  const newer = await hostV2(new HttpV2(await demoUrl('2026-07-28')));
  const asked: string[] = [];
  const answer = (message: string) => {
    asked.push(message);
    const content = { approve: true, strategy: 'canary' };
    const field = asked.length % 2 === 1 ? 'approve' : 'strategy';
    return { action: 'accept' as const, content: { [field]: content[field] } };
  };
  older.setRequestHandler(ElicitRequestSchema, async ({ params }) => answer(params.message));
  newer.setRequestHandler('elicitation/create', async ({ params }) => answer(params.message));
  for (const connection of [fromSdkV1(older, { questions: 'handlers' }), fromSdkV2(newer, { questions: 'handlers' })]) {
    const tasks = createTaskClient({ connection, store: createMemoryStore() });
    const task = await callTask(tasks, release[0], release[1]);
    expect(await task.outcome({ timeoutMs: 120_000 })).toMatchObject({ status: 'completed' });
    await tasks.close();
  }
  expect(asked).toHaveLength(4);
});

test('a client that is not connected is refused', () => {
  expect(() => fromSdkV1(new ClientV1(info))).toThrow('The client is not connected');
  expect(() => fromSdkV2(new ClientV2(info))).toThrow('The client is not connected');
});
