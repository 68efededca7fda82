import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { createTaskClient } from '../../packages/client/src/api/task-client.ts';
import { connect } from '../../packages/client/src/connect/connect.ts';
import { createMemoryStore } from '../../packages/client/src/store/memory-store.ts';
import { acceptedCall } from '../../packages/client/src/testing/accepted-call.ts';
import { verifies } from './scenarios.ts';

const SERVER = fileURLToPath(new URL('./faulty-stdio.mjs', import.meta.url));

async function open(...args: string[]) {
  const stderr: string[] = [];
  const target = { kind: 'command', command: process.execPath, args: [SERVER, ...args] } as const;
  const connection = await connect(target, { onStderr: (line) => stderr.push(line) });
  const store = createMemoryStore();
  const client = createTaskClient({ connection, store });
  onTestFinished(() => client.close());
  return { client, connection, store, stderr };
}

test.each(['half a line', 'no JSON-RPC', 'a line of 100 MB'])(
  `${verifies('X3', 'over stdio, polls answered with')} %s are retried, and the task completes`,
  async (fault) => {
    const { client, connection } = await open(fault);
    const call = await acceptedCall(client, { name: 'deploy' });
    if (call.kind !== 'task') throw new Error('The server made no task');
    const warnings: string[] = [];
    for await (const update of call.task.updates()) if (update.kind === 'warning') warnings.push(update.message);
    expect(await call.task.outcome()).toMatchObject({ status: 'completed', result: { content: [{ text: 'done' }] } });
    expect(await connection.request('counts', {})).toMatchObject({ 'tools/call': 1, 'tasks/get': 3 });
    expect(warnings).toEqual([expect.stringMatching(/^it sent a message (that is not JSON|of more than 64 MB)/)]);
  },
);

test(
  verifies('X3', 'over stdio, non-protocol output and unmatched replies are ignored and reported once'),
  async () => {
    const { client, connection, stderr } = await open('chatter');
    const call = await acceptedCall(client, { name: 'deploy' });
    if (call.kind !== 'task') throw new Error('The server made no task');
    expect(await call.task.outcome()).toMatchObject({ status: 'completed' });
    expect(await connection.request('counts', {})).toMatchObject({ 'tools/call': 1, 'tasks/get': 1 });
    expect(stderr).toEqual([expect.stringContaining('Not a message on its standard output: Segmentation fault')]);
  },
);

test.each(['half a line', 'no JSON-RPC', 'a line of 100 MB'])(
  `${verifies(['X3', 'C3'], 'over stdio, a call answered with')} %s is one clear error that names the server`,
  async (fault) => {
    const { client, connection, store } = await open(fault, '--spoil-call');
    await expect(acceptedCall(client, { name: 'deploy' })).rejects.toMatchObject({
      code: 'connection-lost',
      message: expect.stringMatching(/^No answer to deploy from faulty-stdio\.mjs: it sent a message/),
      hint: expect.stringContaining('may have run'),
    });
    expect(await connection.request('counts', {})).toMatchObject({ 'tools/call': 1 });
    expect((await store.list()).records).toMatchObject([{ phase: 'intent', status: 'unknown' }]);
  },
);
