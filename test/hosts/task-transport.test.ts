import { createTaskClient, type FollowedTask, type TaskClient } from '@mcp-tasks/client';
import { connect } from '@mcp-tasks/client/connect';
import { createMemoryStore } from '@mcp-tasks/client/memory-store';
import { createTaskTransport, type TaskTransportOptions } from '@mcp-tasks/client/transport';
import { Client as ClientV2 } from '@modelcontextprotocol/client';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { CallToolResultSchema, ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { expect, onTestFinished, test } from 'vitest';
import { serveDemoHttp } from '../../packages/cli/src/demo/index.ts';

const info = { name: 'agent', version: '1' };
const RELEASE = { name: 'release', arguments: { service: 'checkout', version: '2.4.0' } };

async function connectToDemo(speed = 0.05): Promise<TaskClient> {
  const demo = await serveDemoHttp({ speed });
  onTestFinished(() => demo.stop());
  const tasks = createTaskClient({
    connect: () => connect({ kind: 'url', url: demo.url }),
    store: createMemoryStore(),
  });
  onTestFinished(() => tasks.close());
  return tasks;
}

async function connectAgent(
  tasks: TaskClient,
  options: TaskTransportOptions = {},
  capabilities: Record<string, object> = {},
): Promise<ClientV1> {
  const client = new ClientV1(info, { capabilities });
  await client.connect(createTaskTransport(tasks, options));
  onTestFinished(() => client.close());
  return client;
}

const textOf = (result: unknown): string => (result as { content: { text: string }[] }).content[0]?.text ?? '';

test('a client of SDK 1.x lists tools, and its call of a task returns the result', async () => {
  const client = await connectAgent(await connectToDemo());
  expect(client.getServerVersion()?.name).toContain('demo');
  const { tools } = await client.listTools();
  expect(tools.map(({ name }) => name)).toEqual(expect.arrayContaining(['release', 'hello', 'report']));
  const result = await client.callTool({ name: 'report', arguments: {} });
  expect(result.isError ?? false).toBe(false);
  expect(textOf(result)).not.toBe('');
});

test('a client of SDK 2.x probes for the newer revision, and its call of a task returns the result', async () => {
  const client = new ClientV2(info, { versionNegotiation: { mode: 'auto' } });
  await client.connect(createTaskTransport(await connectToDemo()));
  onTestFinished(() => client.close());
  const result = await client.callTool({ name: 'report', arguments: {} });
  expect(textOf(result)).not.toBe('');
});

test("a question goes to the client's own elicitation handler, and its answer to the task", async () => {
  const client = await connectAgent(await connectToDemo(), {}, { elicitation: { form: {} } });
  const asked: string[] = [];
  client.setRequestHandler(ElicitRequestSchema, ({ params }) => {
    asked.push(params.message);
    return { action: 'accept', content: asked.length === 1 ? { approve: true } : { strategy: 'rolling' } };
  });
  const result = await client.callTool(RELEASE);
  expect(asked).toHaveLength(2);
  expect(JSON.stringify(result)).toContain('rolling');
});

test('progress of the task reaches the caller that asked for it', async () => {
  const client = await connectAgent(await connectToDemo(0.2));
  const reported: number[] = [];
  await client.callTool({ name: 'report', arguments: {} }, CallToolResultSchema, {
    onprogress: ({ progress }) => reported.push(progress),
  });
  expect(reported.length).toBeGreaterThan(0);
  expect(reported).toEqual([...reported].sort((a, b) => a - b));
});

test('a call longer than holdMs returns NOT FINISHED; the same call again gets the result of that run', async () => {
  const tasks = await connectToDemo(0.3);
  const background: FollowedTask[] = [];
  const client = await connectAgent(tasks, {
    holdMs: 100,
    background: (task) => {
      background.push(task);
      return undefined;
    },
  });
  const first = await client.callTool({ name: 'report', arguments: {} });
  expect(textOf(first)).toContain('NOT FINISHED: "report" is still running as task');
  expect(first.isError ?? false).toBe(false);
  const [task] = background;
  expect((await task?.outcome())?.status).toBe('completed');
  const again = await client.callTool({ name: 'report', arguments: {} });
  expect(textOf(again)).not.toContain('NOT FINISHED');
  expect((await tasks.list()).records).toHaveLength(1);
});

test('without an elicitation handler, a call reports its open question, which can be answered elsewhere', async () => {
  const tasks = await connectToDemo();
  const client = await connectAgent(tasks, { holdMs: 2_000 });
  const text = textOf(await client.callTool(RELEASE));
  expect(text).toMatch(
    /^NOT FINISHED: "release" \(task \w+\) waits for a person to decide\. The server asks: "Release/,
  );
  const [record] = (await tasks.list()).records;
  const task = tasks.get(record?.id ?? '');
  for await (const update of task.updates()) {
    if (update.kind !== 'question') continue;
    const isApproval = String(update.request.params.message).startsWith('Release');
    const content = isApproval ? { approve: true } : { strategy: 'rolling' };
    await update.question.answer({ action: 'accept', content });
  }
  expect(JSON.stringify(await client.callTool(RELEASE))).toContain('rolling');
});

test('an aborted request leaves its task running, and the same call returns its result', async () => {
  const tasks = await connectToDemo(0.3);
  const client = await connectAgent(tasks);
  const hurry = new AbortController();
  const call = client.callTool({ name: 'report', arguments: {} }, CallToolResultSchema, { signal: hurry.signal });
  await expect.poll(async () => (await tasks.list()).records[0]?.phase).toBe('open');
  hurry.abort();
  await expect(call).rejects.toThrow();
  expect(textOf(await client.callTool({ name: 'report', arguments: {} }))).not.toBe('');
  expect((await tasks.list()).records.map(({ status }) => status)).toEqual(['completed']);
});

test("a server's error keeps its message and code", async () => {
  const client = await connectAgent(await connectToDemo());
  await expect(client.callTool({ name: 'no-such-tool', arguments: {} })).rejects.toMatchObject({ code: -32602 });
  await expect(client.request({ method: 'tasks/list' }, CallToolResultSchema)).rejects.toMatchObject({ code: -32601 });
});

test('a closed transport refuses messages, and the task client stays open', async () => {
  const tasks = await connectToDemo();
  const client = await connectAgent(tasks);
  await client.close();
  await expect(client.callTool({ name: 'hello', arguments: {} })).rejects.toThrow();
  expect((await tasks.run({ name: 'hello', arguments: { name: 'Ada' } })).content).toHaveLength(1);
});
