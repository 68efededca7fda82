import { type Connection, createTaskClient } from '@mcp-tasks/client';
import { connect } from '@mcp-tasks/client/connect';
import { createMemoryStore } from '@mcp-tasks/client/memory-store';
import { fromSdkV1 } from '@mcp-tasks/client/sdk-v1';
import { fromSdkV2 } from '@mcp-tasks/client/sdk-v2';
import { Client as ClientV2 } from '@modelcontextprotocol/client';
import { StdioClientTransport as StdioV2 } from '@modelcontextprotocol/client/stdio';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as StdioV1 } from '@modelcontextprotocol/sdk/client/stdio.js';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { expect, onTestFinished, test } from 'vitest';
import { acceptedCall } from '../../packages/client/src/testing/accepted-call.ts';
import { answerNow } from '../../packages/client/src/testing/answer-now.ts';

const info = { name: 'host', version: '1' };
const capabilities = { elicitation: { form: {} } };
const script = new URL('early-server.mjs', import.meta.url).pathname;
const command = { command: process.execPath, args: [script] };
const ACCEPT = { action: 'accept', content: {} };

async function overV1(): Promise<Connection> {
  const client = new ClientV1(info, { capabilities });
  client.setRequestHandler(ElicitRequestSchema, () => ({ action: 'decline' }));
  await client.connect(new StdioV1(command));
  onTestFinished(() => client.close());
  return fromSdkV1(client);
}

async function overV2(): Promise<Connection> {
  const client = new ClientV2(info, { capabilities, versionNegotiation: { mode: 'legacy' } });
  client.setRequestHandler('elicitation/create', () => ({ action: 'decline' }));
  await client.connect(new StdioV2(command));
  onTestFinished(() => client.close());
  return fromSdkV2(client);
}

const own = (...flags: readonly string[]) => connect({ kind: 'command', ...command, args: [script, ...flags] });

test.each<readonly [string, () => Promise<Connection>]>([
  ['after it, over our own connection', own],
  ['before it, over our own connection', () => own('--before')],
  ["after it, over a host's client of SDK 1.x that declines its own questions", overV1],
  ["after it, over a host's client of SDK 2.x that declines its own questions", overV2],
])('a question sent together with the new task, %s, reaches the person', async (_, open) => {
  const tasks = createTaskClient({ connection: await open(), store: createMemoryStore() });
  onTestFinished(() => tasks.close());
  const call = await acceptedCall(tasks, { name: 'deploy' });
  if (call.kind !== 'task') throw new Error('No task');
  const asked: string[] = [];
  for await (const update of call.task.updates()) {
    if (update.kind !== 'question') continue;
    asked.push(update.key);
    // A poll reports no open question.
    await call.task.refresh();
    await answerNow(call.task, update.key, ACCEPT);
  }
  expect(asked).toHaveLength(1);
  expect(await call.task.outcome()).toMatchObject({
    status: 'completed',
    result: { content: [{ type: 'text', text: JSON.stringify(ACCEPT) }] },
  });
});
