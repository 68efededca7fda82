import { createTaskClient, type InputRequest, type JsonObject } from '@mcp-tasks/client';
import { connect } from '@mcp-tasks/client/connect';
import { createMemoryStore } from '@mcp-tasks/client/memory-store';
import { fromSdkV1 } from '@mcp-tasks/client/sdk-v1';
import { fromSdkV2 } from '@mcp-tasks/client/sdk-v2';
import { Client as ClientV2, StreamableHTTPClientTransport as HttpV2 } from '@modelcontextprotocol/client';
import { StdioClientTransport as StdioV2 } from '@modelcontextprotocol/client/stdio';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as StdioV1 } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport as HttpV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import {
  CreateMessageRequestSchema,
  CreateTaskResultSchema,
  ElicitRequestSchema,
  ListTasksResultSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { serveRecordingProxy } from './recording-proxy.ts';
import { EVERYTHING_STDIO, serveEverything } from './support.ts';

const hostTasks = ['elicitation', 'sampling'] as const;
const everything = EVERYTHING_STDIO.kind === 'command' ? EVERYTHING_STDIO : undefined;
const command = { command: everything?.command ?? '', args: [...(everything?.args ?? [])], stderr: 'ignore' as const };
const declared = {
  elicitation: { form: {} },
  sampling: {},
  tasks: { list: {}, cancel: {}, requests: { elicitation: { create: {} }, sampling: { createMessage: {} } } },
};

const person = { action: 'accept' as const, content: { name: 'Ada', favoriteColor: 'Blue', agreeToTerms: true } };
const model = {
  role: 'assistant' as const,
  model: 'scripted',
  content: { type: 'text' as const, text: 'A fine day.' },
};

function textOf(result: JsonObject | undefined): string {
  return JSON.stringify(result?.content);
}

async function open(kind: 'stdio' | 'http') {
  const server = kind === 'http' ? await serveEverything() : undefined;
  if (server !== undefined) onTestFinished(() => server.stop());
  const target = server === undefined ? EVERYTHING_STDIO : ({ kind: 'url', url: server.url } as const);
  const tasks = createTaskClient({ connection: await connect(target, { hostTasks }), store: createMemoryStore() });
  onTestFinished(() => tasks.close());
  return tasks;
}

test.each(['stdio', 'http'] as const)(
  'over %s a server asks a person and a model through host tasks, and polls them for the answers',
  async (kind) => {
    const tasks = await open(kind);
    const asked: InputRequest[] = [];
    const answer = (name: string, args: JsonObject, response: JsonObject) =>
      tasks.run(
        { name, arguments: args },
        {
          onQuestion({ request }) {
            asked.push(request);
            return response;
          },
        },
      );
    const elicited = await answer('trigger-elicitation-request-async', {}, person);
    expect(textOf(elicited)).toContain('[COMPLETED] User provided the requested information!');
    expect(textOf(elicited)).toContain('Name: Ada');
    const sampled = await answer('trigger-sampling-request-async', { prompt: 'Weather?', maxTokens: 20 }, model);
    expect(textOf(sampled)).toContain('[COMPLETED] Async sampling completed!');
    expect(textOf(sampled)).toContain('A fine day.');
    expect(asked.map(({ method, params }) => [method, params.task])).toEqual([
      ['elicitation/create', undefined],
      ['sampling/createMessage', undefined],
    ]);
  },
);

test('a host without hostTasks gets no question as a task', async () => {
  const tasks = createTaskClient({ connection: await connect(EVERYTHING_STDIO), store: createMemoryStore() });
  onTestFinished(() => tasks.close());
  const names = (await tasks.listTools()).map(({ name }) => name);
  expect(names).toContain('trigger-elicitation-request');
  expect(names.filter((name) => name.endsWith('-async'))).toEqual([]);
});

test.each(['stdio', 'http'] as const)(
  "over %s a host's handlers on SDK 1.x and 2.x get questions asked as host tasks as plain requests",
  async (kind) => {
    const older = new ClientV1({ name: 'host', version: '1' }, { capabilities: declared });
    const newer = new ClientV2(
      { name: 'host', version: '1' },
      { capabilities: declared, versionNegotiation: { mode: 'legacy' } },
    );
    const handled: string[] = [];
    older.setRequestHandler(ElicitRequestSchema, async () => {
      handled.push('elicited 1.x');
      return person;
    });
    older.setRequestHandler(CreateMessageRequestSchema, async () => {
      handled.push('sampled 1.x');
      return model;
    });
    newer.setRequestHandler('elicitation/create', async () => {
      handled.push('elicited 2.x');
      return person;
    });
    newer.setRequestHandler('sampling/createMessage', async () => {
      handled.push('sampled 2.x');
      return model;
    });
    if (kind === 'http') {
      const server = await serveEverything();
      onTestFinished(() => server.stop());
      await older.connect(new HttpV1(new URL(server.url)));
      await newer.connect(new HttpV2(new URL(server.url)));
    } else {
      await older.connect(new StdioV1(command));
      await newer.connect(new StdioV2(command));
    }
    onTestFinished(() => Promise.all([older.close(), newer.close()]).then(() => undefined));
    for (const [client, connection] of [
      [older, fromSdkV1(older, { hostTasks: true, questions: 'handlers' })],
      [newer, fromSdkV2(newer, { hostTasks: true, questions: 'handlers' })],
    ] as const) {
      const tasks = createTaskClient({ connection, store: createMemoryStore() });
      const elicited = await tasks.run({ name: 'trigger-elicitation-request-async' });
      expect(textOf(elicited)).toContain('Name: Ada');
      // The question of the host's own call goes through the same tasks.
      const own = await client.callTool({ name: 'trigger-sampling-request-async', arguments: { prompt: 'Weather?' } });
      expect(JSON.stringify(own)).toContain('A fine day.');
      await tasks.close();
    }
    expect(handled).toEqual(['elicited 1.x', 'sampled 1.x', 'elicited 2.x', 'sampled 2.x']);
  },
);

test("over HTTP the reply to a server's poll of a host task is resent until it arrives", async () => {
  const server = await serveEverything();
  onTestFinished(() => server.stop());
  const lost = new Map<string, number>();
  const { url } = await serveRecordingProxy(server.url, ({ rpc, text }) => {
    // Breaks the connection at the first attempt of each reply of the client.
    if (rpc !== undefined || !text.includes('"jsonrpc"')) return false;
    lost.set(text, (lost.get(text) ?? 0) + 1);
    return lost.get(text) === 1;
  });
  const connection = await connect({ kind: 'url', url }, { hostTasks });
  const tasks = createTaskClient({ connection, store: createMemoryStore() });
  onTestFinished(() => tasks.close());
  let asked = 0;
  const result = await tasks.run(
    { name: 'trigger-elicitation-request-async' },
    {
      onQuestion() {
        asked += 1;
        return person;
      },
    },
  );
  expect(textOf(result)).toContain('Name: Ada');
  expect(asked).toBe(1);
  // The creation of the host task and the replies to its polls.
  expect(lost.size).toBeGreaterThanOrEqual(2);
  expect(new Set(lost.values())).toEqual(new Set([2]));
});

test('a server lists, awaits and cancels its host tasks, and gets -32602 for an unknown one', async () => {
  const [near, far] = InMemoryTransport.createLinkedPair();
  const server = new Server({ name: 'asking', version: '1' }, { capabilities: {} });
  const client = new ClientV1({ name: 'host', version: '1' }, { capabilities: declared });
  const withdrawn: string[] = [];
  let decide: (result: typeof person) => void = () => undefined;
  client.setRequestHandler(ElicitRequestSchema, ({ params }, { signal }) => {
    signal.addEventListener('abort', () => withdrawn.push(params.message));
    return new Promise((resolve) => {
      decide = resolve;
    });
  });
  await Promise.all([server.connect(far), client.connect(near)]);
  onTestFinished(() => client.close());
  const connection = fromSdkV1(client, { hostTasks: true, questions: 'handlers' });
  const anything = z.looseObject({});
  const ask = async (message: string): Promise<string> => {
    const requestedSchema = { type: 'object' as const, properties: { name: { type: 'string' as const } } };
    const params = { message, requestedSchema, mode: 'form' as const, task: { ttl: 60_000 } };
    const { task } = await server.request({ method: 'elicitation/create', params }, CreateTaskResultSchema);
    expect(task).toMatchObject({ status: 'working', ttl: 60_000 });
    return task.taskId;
  };
  const of = (method: 'tasks/get' | 'tasks/result' | 'tasks/cancel', taskId: string) =>
    server.request({ method, params: { taskId } }, anything);

  const first = await ask('Your name?');
  const result = of('tasks/result', first);
  decide(person);
  expect(await result).toMatchObject({
    ...person,
    _meta: { 'io.modelcontextprotocol/related-task': { taskId: first } },
  });
  expect(await of('tasks/get', first)).toMatchObject({ taskId: first, status: 'completed' });
  await expect(of('tasks/cancel', first)).rejects.toMatchObject({ code: -32602 });

  const second = await ask('Still there?');
  expect(await of('tasks/cancel', second)).toMatchObject({ status: 'cancelled' });
  expect(withdrawn).toEqual(['Still there?']);
  await expect(of('tasks/result', second)).rejects.toMatchObject({ code: -32603 });
  const { tasks } = await server.request({ method: 'tasks/list' }, ListTasksResultSchema);
  expect(tasks.map(({ taskId, status }) => [taskId, status])).toEqual([
    [first, 'completed'],
    [second, 'cancelled'],
  ]);
  await expect(of('tasks/get', 'nowhere')).rejects.toMatchObject({ code: -32602 });
  await connection.close();
});
