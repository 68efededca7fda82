import { createTaskClient, type Progress } from '@mcp-tasks/client';
import { connect } from '@mcp-tasks/client/connect';
import { createMemoryStore } from '@mcp-tasks/client/memory-store';
import { fromSdkV1 } from '@mcp-tasks/client/sdk-v1';
import { fromSdkV2 } from '@mcp-tasks/client/sdk-v2';
import {
  auth,
  Client as ClientV2,
  ClientCredentialsProvider as CredentialsV2,
  StreamableHTTPClientTransport as HttpV2,
} from '@modelcontextprotocol/client';
import { StdioClientTransport as StdioV2 } from '@modelcontextprotocol/client/stdio';
import { ClientCredentialsProvider as CredentialsV1 } from '@modelcontextprotocol/sdk/client/auth-extensions.js';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as StdioV1 } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport as HttpV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { CreateMessageRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { serveDemoHttp } from '../../packages/cli/src/demo/index.ts';
import { acceptedCall } from '../../packages/client/src/testing/accepted-call.ts';
import { answerNow } from '../../packages/client/src/testing/answer-now.ts';
import { followOpen } from '../../packages/client/src/testing/follow-open.ts';
import { serveGuardedDemo } from '../auth/guarded-demo.ts';
import { EVERYTHING_STDIO } from './support.ts';

const info = { name: 'host', version: '1' };
const everything = EVERYTHING_STDIO.kind === 'command' ? EVERYTHING_STDIO : undefined;
const command = { command: everything?.command ?? '', args: [...(everything?.args ?? [])], stderr: 'ignore' as const };

/** A host on each SDK version, connected to the published reference server over stdio. */
async function openHosts() {
  const older = new ClientV1(info, { capabilities: {} });
  const newer = new ClientV2(info, { capabilities: {}, versionNegotiation: { mode: 'legacy' } });
  await Promise.all([older.connect(new StdioV1(command)), newer.connect(new StdioV2(command))]);
  return [
    { client: older, connection: fromSdkV1(older) },
    { client: newer, connection: fromSdkV2(newer) },
  ] as const;
}

async function hosts() {
  const opened = await openHosts();
  onTestFinished(() => Promise.all(opened.map(({ client }) => client.close())).then(() => undefined));
  return opened;
}

/** Runs an operation of more than a minute, by us and by each host. */
async function runLongOperations() {
  const operation = { name: 'trigger-long-running-operation', arguments: { duration: 63, steps: 3 } };
  return Promise.all(
    (await openHosts()).map(async ({ client, connection }) => {
      const tasks = createTaskClient({ connection, store: createMemoryStore() });
      const progress: Progress[] = [];
      const [ours, own] = await Promise.allSettled([
        tasks.run(operation, { onProgress: (each) => void progress.push(each) }),
        client.callTool(operation),
      ]);
      await tasks.close();
      await client.close();
      return { ours: JSON.stringify(ours), own: own.status, steps: progress.map((each) => each.progress) };
    }),
  );
}

// Runs beside the other tests; the last test checks it.
let longOperations: ReturnType<typeof runLongOperations>;
beforeAll(() => {
  longOperations = runLongOperations();
  longOperations.catch(() => undefined);
});

test("a host's own calls keep their progress and timeouts beside a running task", async () => {
  for (const { client, connection } of await hosts()) {
    const tasks = createTaskClient({ connection, store: createMemoryStore() });
    const call = await acceptedCall(tasks, { name: 'simulate-research-query', arguments: { topic: 'tides' } });
    if (call.kind !== 'task') throw new Error('No task');
    const steps: number[] = [];
    const operation = (duration: number) => ({
      name: 'trigger-long-running-operation',
      arguments: { duration, steps: 3 },
    });
    const onprogress = ({ progress }: Progress) => void steps.push(progress);
    const own =
      client instanceof ClientV1
        ? [
            client.callTool(operation(3), undefined, { onprogress }),
            client.callTool(operation(10), undefined, { timeout: 300 }),
          ]
        : [client.callTool(operation(3), { onprogress }), client.callTool(operation(10), { timeout: 300 })];
    const ends = await Promise.allSettled(own);
    expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    // SDK 1.x drops a progress notification that its result overtakes. The last one comes together with the result; the
    // first two are a second apart.
    expect(steps.slice(0, 2)).toEqual([1, 2]);
    expect(await call.task.outcome()).toMatchObject({ status: 'completed' });
    await tasks.close();
  }
});

test("a host's transport renews its token during a task", async () => {
  const credentials = { clientId: 'robot', clientSecret: 'hush' };
  for (const revision of ['2025-11-25', '2026-07-28'] as const) {
    const client = { id: credentials.clientId, secret: credentials.clientSecret };
    const server = await serveGuardedDemo({ speed: 0.3, client, revision });
    const expectedIssuer = new URL(server.url).origin;
    const url = new URL(server.url);
    const older = new ClientV1(info);
    const newer = new ClientV2(info, { versionNegotiation: { mode: 'auto' } });
    if (revision === '2025-11-25') {
      await older.connect(new HttpV1(url, { authProvider: new CredentialsV1({ ...credentials, expectedIssuer }) }));
    } else {
      await newer.connect(new HttpV2(url, { authProvider: new CredentialsV2({ ...credentials, expectedIssuer }) }));
    }
    const connection = revision === '2025-11-25' ? fromSdkV1(older) : fromSdkV2(newer);
    const tasks = createTaskClient({ connection, store: createMemoryStore() });
    const call = await acceptedCall(tasks, { name: 'batch', arguments: { items: 3600 } });
    if (call.kind !== 'task') throw new Error('No task');
    server.expire();
    const { task } = call;
    await task.cancel();
    expect((await task.outcome()).status).toBe('cancelled');
    expect(server.count('tools/call')).toBe(1);
    expect(server.granted('client_credentials')).toBeGreaterThan(1);
    await Promise.all([tasks.close(), older.close(), newer.close()]);
  }
});

test("a host's sampling handler answers the sampling requests of a task, under either revision", async () => {
  const capabilities = { sampling: {} };
  const older = new ClientV1(info, { capabilities });
  const newer = new ClientV2(info, { capabilities, versionNegotiation: { mode: 'auto' } });
  const sampled = {
    role: 'assistant' as const,
    model: 'scripted',
    content: { type: 'text' as const, text: 'All is well.' },
  };
  older.setRequestHandler(CreateMessageRequestSchema, async () => sampled);
  newer.setRequestHandler('sampling/createMessage', async () => sampled);
  for (const revision of ['2025-11-25', '2026-07-28'] as const) {
    const demo = await serveDemoHttp({ speed: 0.05, revision });
    onTestFinished(() => demo.stop());
    const url = new URL(demo.url);
    await (revision === '2025-11-25' ? older.connect(new HttpV1(url)) : newer.connect(new HttpV2(url)));
    const byHandlers = { questions: 'handlers' } as const;
    const connection = revision === '2025-11-25' ? fromSdkV1(older, byHandlers) : fromSdkV2(newer, byHandlers);
    const tasks = createTaskClient({ connection, store: createMemoryStore() });
    const result = await tasks.run({ name: 'summarize', arguments: { text: 'A long story.' } });
    expect(JSON.stringify(result)).toContain('All is well.');
    await tasks.close();
  }
  await Promise.all([older.close(), newer.close()]);
});

test('a question whose handler throws stays open with a warning, and can be answered by hand', async () => {
  const demo = await serveDemoHttp({ speed: 0.05, revision: '2026-07-28' });
  onTestFinished(() => demo.stop());
  const client = new ClientV2(info, {
    capabilities: { elicitation: { form: {} } },
    versionNegotiation: { mode: 'auto' },
  });
  client.setRequestHandler('elicitation/create', async () => {
    throw new Error('Nobody is at the desk');
  });
  await client.connect(new HttpV2(new URL(demo.url)));
  onTestFinished(() => client.close());
  const connection = fromSdkV2(client, { questions: 'handlers' });
  const tasks = createTaskClient({ connection, store: createMemoryStore() });
  const call = await acceptedCall(tasks, { name: 'release', arguments: { service: 'shop' } });
  if (call.kind !== 'task') throw new Error('No task');
  const warnings: string[] = [];
  for await (const update of call.task.updates()) {
    if (update.kind !== 'warning') continue;
    warnings.push(update.message);
    if (update.message.includes('approval')) {
      await answerNow(call.task, 'approval', { action: 'accept', content: { approve: false } });
    }
  }
  expect(warnings[0]).toContain('Nobody is at the desk');
  expect((await call.task.outcome()).status).toBe('completed');
  await tasks.close();
});

test('two task clients of one host do not interfere', async () => {
  const [{ client }] = await hosts();
  const one = createTaskClient({ connection: fromSdkV1(client), store: createMemoryStore() });
  const two = createTaskClient({ connection: fromSdkV1(client), store: createMemoryStore() });
  const research = { name: 'simulate-research-query', arguments: { topic: 'tides' } };
  const [first, second] = await Promise.all([one.run(research), two.run(research)]);
  expect([first.content, second.content]).toEqual([expect.any(Array), expect.any(Array)]);
  await one.close();
  expect(await two.run({ name: 'echo', arguments: { message: 'still here' } })).toMatchObject({
    content: [{ text: expect.stringContaining('still here') }],
  });
  await two.close();
});

test('a task stopped by auth_required is resumed after a sign-in, on the same client', async () => {
  const server = await serveGuardedDemo({ speed: 0.3, client: { id: 'robot', secret: 'hush' } });
  const expectedIssuer = new URL(server.url).origin;
  const provider = new CredentialsV2({ clientId: 'robot', clientSecret: 'hush', expectedIssuer });
  let signedIn = true;
  let signing: Promise<unknown> = Promise.resolve();
  // The host refreshes its bearer token; the transport does not.
  const token = async () => {
    if (signedIn) {
      const signed = auth(provider, { serverUrl: server.url });
      signing = Promise.all([signing, signed]);
      await signed;
    }
    return provider.tokens()?.access_token;
  };
  const connection = await connect({ kind: 'url', url: server.url }, { authProvider: { token } });
  const tasks = createTaskClient({ connection, store: createMemoryStore() });
  onTestFinished(() => tasks.close());
  // A task with an open question does not progress by itself: only polls continue.
  const call = await acceptedCall(tasks, { name: 'release', arguments: { service: 'shop' } });
  if (call.kind !== 'task') throw new Error('No task');
  expect(await call.task.outcome({ stopOnInput: true })).toEqual({ status: 'input_required' });
  signedIn = false;
  await signing; // a token still in flight would be valid
  server.expire();
  expect(await call.task.outcome()).toEqual({ status: 'auth_required' });
  signedIn = true;
  const [again] = await followOpen(tasks);
  const question = await again?.question('approval');
  await question?.answer({ action: 'accept', content: { approve: false } });
  expect(await again?.outcome()).toMatchObject({ status: 'completed' });
  expect(server.count('tools/call')).toBe(1);
});

test("run() outlasts the 60 s timeout of the host's own calls, with progress", async () => {
  const expected = { ours: expect.stringContaining('operation completed'), own: 'rejected', steps: [1, 2, 3] };
  expect(await longOperations).toEqual([expected, expected]);
});
