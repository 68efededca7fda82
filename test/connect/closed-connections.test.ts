import { fileURLToPath } from 'node:url';
import { type Connection, createTaskClient, type Outcome, type Target } from '@mcp-tasks/client';
import { connect } from '@mcp-tasks/client/connect';
import { createMemoryStore } from '@mcp-tasks/client/memory-store';
import { fromSdkV1 } from '@mcp-tasks/client/sdk-v1';
import { fromSdkV2 } from '@mcp-tasks/client/sdk-v2';
import { Client as ClientV2 } from '@modelcontextprotocol/client';
import { StdioClientTransport as StdioV2 } from '@modelcontextprotocol/client/stdio';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as StdioV1 } from '@modelcontextprotocol/sdk/client/stdio.js';
import { expect, onTestFinished, test } from 'vitest';
import { acceptedCall } from '../../packages/client/src/testing/accepted-call.ts';
import { followOpen } from '../../packages/client/src/testing/follow-open.ts';
import { sampleRecord } from '../../packages/client/src/testing/sample-record.ts';
import { demoStdio, EVERYTHING_STDIO } from './support.ts';

const odd = fileURLToPath(new URL('./odd-server.mjs', import.meta.url));
const info = { name: 'host', version: '1' };

function childOf(target: Target): { readonly command: string; readonly args: string[]; readonly stderr: 'ignore' } {
  if (target.kind !== 'command') throw new Error('No child');
  return { command: target.command, args: [...target.args], stderr: 'ignore' };
}

async function ofSdkV1(): Promise<Connection> {
  const client = new ClientV1(info);
  await client.connect(new StdioV1(childOf(EVERYTHING_STDIO)));
  const connection = fromSdkV1(client);
  await client.close();
  return connection;
}

async function ofSdkV2(): Promise<Connection> {
  const client = new ClientV2(info);
  await client.connect(new StdioV2(childOf(demoStdio())));
  const connection = fromSdkV2(client);
  await client.close();
  return connection;
}

async function ofDeadServer(): Promise<Connection> {
  const connection = await connect({ kind: 'command', command: process.execPath, args: [odd] });
  await connection.request('die', {}).catch(() => undefined);
  return connection;
}

async function closedByAnother(): Promise<Connection> {
  const client = new ClientV2(info);
  await client.connect(new StdioV2(childOf(demoStdio())));
  onTestFinished(() => client.close());
  const connection = fromSdkV2(client);
  await createTaskClient({ connection, store: createMemoryStore() }).close();
  return connection;
}

test.each([
  ['of SDK 1.x that its host has closed', ofSdkV1],
  ['of SDK 2.x that its host has closed', ofSdkV2],
  ['whose server has died', ofDeadServer],
  ['that another task client has closed', closedByAnother],
])('a call over a connection %s is refused as closed and leaves no record', async (_, open) => {
  const connection = await open();
  const store = createMemoryStore();
  const { identity: server, negotiated } = connection;
  const ours = { server, revision: negotiated.revision };
  await store.create(sampleRecord({ ...ours, id: 'running', taskId: 't1', phase: 'open' }));
  const outcome: Outcome = { status: 'completed', result: { content: [] } };
  await store.create(sampleRecord({ ...ours, id: 'settled', taskId: 't2', phase: 'settled', outcome }));
  const tasks = createTaskClient({ connection, store });
  await expect(acceptedCall(tasks, { name: 'echo' })).rejects.toMatchObject({
    code: 'closed',
    message: expect.stringMatching(/^echo was not called: ./),
  });
  await expect(tasks.get('running').follow()).rejects.toMatchObject({ code: 'closed' });
  await expect(followOpen(tasks)).rejects.toMatchObject({ code: 'closed' });
  expect((await store.list()).records.map(({ id }) => id).sort()).toEqual(['running', 'settled']);
  expect(await store.ownerOf('running')).toBeUndefined();
  // A recorded outcome needs no server.
  expect(await (await tasks.get('settled').follow()).outcome()).toMatchObject(outcome);
  await tasks.close();
});
