import { type Connection, createTaskClient, type TaskStore } from '@mcp-tasks/client';
import { createMemoryStore } from '@mcp-tasks/client/memory-store';
import { fromSdkV1 } from '@mcp-tasks/client/sdk-v1';
import { fromSdkV2 } from '@mcp-tasks/client/sdk-v2';
import { Client as ClientV2, StreamableHTTPClientTransport as HttpV2 } from '@modelcontextprotocol/client';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as HttpV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport as TransportV1 } from '@modelcontextprotocol/sdk/shared/transport.js';
import { expect, onTestFinished, test } from 'vitest';
import { acceptedCall } from '../../packages/client/src/testing/accepted-call.ts';
import { serveEverything } from './support.ts';

const info = { name: 'host', version: '1' };
const label = 'research';

interface Opened {
  readonly connection: Connection;
  /** Another connection over the same client. */
  another(): Connection;
  close(): Promise<void>;
}

/** Opens a host's own client, in the previous session when given. */
type Open = (url: string, sessionId?: string) => Promise<Opened>;

const onSdkV1: Open = async (url, sessionId) => {
  const client = new ClientV1(info);
  const transport = new HttpV1(new URL(url), sessionId === undefined ? {} : { sessionId });
  await client.connect(transport as TransportV1);
  const another = () => fromSdkV1(client, { label });
  return { connection: another(), another, close: () => client.close() };
};

const onSdkV2: Open = async (url, sessionId) => {
  const client = new ClientV2(info, { versionNegotiation: { mode: 'legacy' } });
  await client.connect(new HttpV2(new URL(url), sessionId === undefined ? {} : { sessionId }));
  const another = () => fromSdkV2(client, { label });
  return { connection: another(), another, close: () => client.close() };
};

async function begin(store: TaskStore, { connection }: Opened) {
  const tasks = createTaskClient({ connection, store });
  const call = await acceptedCall(tasks, { name: 'simulate-research-query', arguments: { topic: 'tides' } });
  if (call.kind !== 'task') throw new Error('No task');
  await tasks.close();
  return call.task.latest;
}

async function outcomeOf(store: TaskStore, connection: Connection, id: string) {
  const tasks = createTaskClient({ connection, store });
  onTestFinished(() => tasks.close());
  return (await (await tasks.get(id).follow()).outcome()).status;
}

async function world(open: Open) {
  const server = await serveEverything();
  onTestFinished(() => server.stop());
  const store = createMemoryStore();
  const host = await open(server.url);
  return { url: server.url, store, host, record: await begin(store, host) };
}

const lines = [
  ['1.x', onSdkV1],
  ['2.x', onSdkV2],
] as const;

test.each(lines)('a host on SDK %s that reconnects in the same session keeps its tasks', async (_, open) => {
  const { url, store, host, record } = await world(open);
  await host.close();
  const again = await open(url, record.sessionId);
  onTestFinished(() => again.close());
  expect(await outcomeOf(store, again.connection, record.id)).toBe('completed');
});

test.each(lines)('a host on SDK %s that reconnects in a new session loses its tasks', async (_, open) => {
  const { url, store, host, record } = await world(open);
  await host.close();
  const again = await open(url);
  onTestFinished(() => again.close());
  expect(await outcomeOf(store, again.connection, record.id)).toBe('expired');
});

test.each(lines)(
  'closing a task client on SDK %s ends its connection, and another client resumes the task',
  async (_, open) => {
    const { store, host, record } = await world(open);
    onTestFinished(() => host.close());
    await expect(host.connection.request('ping', {})).rejects.toMatchObject({ failure: { kind: 'aborted' } });
    expect(await outcomeOf(store, host.another(), record.id)).toBe('completed');
  },
);
