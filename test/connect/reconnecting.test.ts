import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Connection, createTaskClient, type Negotiated, TaskError, type TaskUpdate } from '@mcp-tasks/client';
import { connect } from '@mcp-tasks/client/connect';
import { createMemoryStore } from '@mcp-tasks/client/memory-store';
import { fromSdkV2 } from '@mcp-tasks/client/sdk-v2';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { expect, onTestFinished, test } from 'vitest';
import { serveDemoHttp } from '../../packages/cli/src/demo/index.ts';
import { acceptedCall } from '../../packages/client/src/testing/accepted-call.ts';
import { demoStdio, freshDirectory } from './support.ts';

/** A client whose connections the test can close. */
function reconnecting(open: (last: Negotiated | undefined) => Promise<Connection>) {
  const opened: Connection[] = [];
  const tasks = createTaskClient({
    async connect(last) {
      const connection = await open(last);
      opened.push(connection);
      return connection;
    },
    store: createMemoryStore(),
  });
  onTestFinished(() => tasks.close());
  return { tasks, opened };
}

async function serve(revision: '2026-07-28' | '2025-11-25'): Promise<string> {
  const demo = await serveDemoHttp({ speed: 0.2, revision });
  onTestFinished(() => demo.stop());
  return demo.url;
}

async function collect(updates: AsyncIterable<TaskUpdate>): Promise<readonly string[]> {
  const kinds: string[] = [];
  for await (const { kind } of updates) {
    kinds.push(kind);
    if (kind === 'settled') break;
  }
  return kinds;
}

async function hostClient(url: string): Promise<Connection> {
  const client = new Client({ name: 'host', version: '1' }, { versionNegotiation: { mode: 'auto' } });
  await client.connect(new StreamableHTTPClientTransport(new URL(url)));
  onTestFinished(() => client.close());
  return fromSdkV2(client);
}

const own = (url: string, last?: Negotiated): Promise<Connection> =>
  connect({ kind: 'url', url }, { sessionId: last?.sessionId, revision: last?.revision });

test.each([
  ['connections of ours', '2026-07-28', own],
  ['connections of ours', '2025-11-25', own],
  ['clients of a host', '2026-07-28', hostClient],
] as const)('over %s under %s, handles, updates and events survive a closed connection', async (_, revision, open) => {
  const url = await serve(revision);
  const { tasks, opened } = reconnecting((last) => open(url, last));
  const events = collect(tasks.events());
  expect(opened).toHaveLength(0);
  const call = await acceptedCall(tasks, { name: 'report', arguments: { topic: 'a' } });
  if (call.kind !== 'task') throw new Error('No task');
  const updates = collect(call.task.updates());
  const outcome = call.task.outcome();
  await opened[0]?.close({ keepSession: true });
  expect(await outcome).toMatchObject({ status: 'completed' });
  expect((await updates).at(-1)).toBe('settled');
  expect((await events).at(-1)).toBe('settled');
  expect(opened.length).toBe(2);
  expect(await acceptedCall(tasks, { name: 'hello' })).toMatchObject({ kind: 'complete' });
});

test('a killed server over stdio is restarted each time, and its task is still followed', async () => {
  const storeDirectory = freshDirectory();
  const { command, args } = demoStdio({ storeDirectory, speed: 0.4 });
  const starts = join(storeDirectory, 'starts');
  const script = 'echo $$ >> "$0"; exec "$@"'; // records the pid of each start
  const target = { kind: 'command', command: 'sh', args: ['-c', script, starts, command, ...args] } as const;
  const { tasks, opened } = reconnecting(() => connect(target));
  const call = await acceptedCall(tasks, { name: 'batch', arguments: { items: 12 } });
  if (call.kind !== 'task') throw new Error('No task');
  const outcome = call.task.outcome();
  const pids = (): readonly number[] => readFileSync(starts, 'utf8').trim().split('\n').map(Number);
  process.kill(pids()[0] ?? 0, 'SIGKILL');
  await expect.poll(() => opened.length).toBe(2);
  process.kill(pids().at(-1) ?? 0, 'SIGKILL');
  expect(await outcome).toMatchObject({ status: 'completed' });
  expect(opened).toHaveLength(3);
});

test('after a restart, events with followOpen connect and follow the open tasks', async () => {
  const url = await serve('2026-07-28');
  const store = createMemoryStore();
  const before = createTaskClient({ connect: (last) => own(url, last), store });
  const { id } = await before.start({ name: 'report', arguments: { topic: 'a' } });
  await before.get(id).accepted();
  await before.close();
  const after = createTaskClient({ connect: (last) => own(url, last), store });
  onTestFinished(() => after.close());
  expect((await collect(after.events({ followOpen: true }))).at(-1)).toBe('settled');
});

test('a call throws the error of its connection, and a later call connects', async () => {
  const url = await serve('2026-07-28');
  let target = 'http://127.0.0.1:9/mcp';
  const { tasks } = reconnecting(() => connect({ kind: 'url', url: target }));
  await expect(acceptedCall(tasks, { name: 'hello' })).rejects.toMatchObject({ code: 'unreachable' });
  target = url;
  await expect
    .poll(() =>
      acceptedCall(tasks, { name: 'hello' }).then(
        ({ kind }) => kind,
        () => 'not yet',
      ),
    )
    .toBe('complete');
});

test.each(['2026-07-28', '2025-11-25'] as const)(
  'a server of %s that restarts with the other revision is refused as server-changed, and a new client can call it',
  async (revision) => {
    const other = revision === '2026-07-28' ? '2025-11-25' : '2026-07-28';
    let url = await serve(revision);
    const { tasks, opened } = reconnecting(() => connect({ kind: 'url', url }));
    const call = await acceptedCall(tasks, { name: 'report', arguments: { topic: 'a' } });
    if (call.kind !== 'task') throw new Error('No task');
    url = await serve(other);
    await opened[0]?.close({ keepSession: true });
    const refused = {
      code: 'server-changed',
      message: expect.stringContaining(`now speaks ${other}, no longer ${revision}`),
    };
    await expect(acceptedCall(tasks, { name: 'hello' })).rejects.toMatchObject(refused);
    await expect(tasks.listTools()).rejects.toMatchObject(refused); // while it waits before the next attempt, too
    expect((await tasks.list()).records.map(({ tool, phase }) => [tool, phase])).toEqual([['report', 'open']]);
    const { tasks: next } = reconnecting(() => connect({ kind: 'url', url }));
    expect(await acceptedCall(next, { name: 'hello' })).toMatchObject({ kind: 'complete' });
  },
);

test('a server over stdio that restarts with another revision is refused as server-changed and closed', async () => {
  const revisions = ['2026-07-28', '2025-11-25'] as const;
  let starts = 0;
  const { tasks, opened } = reconnecting(() => {
    starts += 1;
    return connect(demoStdio({ storeDirectory: freshDirectory(), revision: revisions[starts - 1] }));
  });
  expect(await acceptedCall(tasks, { name: 'hello' })).toMatchObject({ kind: 'complete' });
  await opened[0]?.close();
  await expect(acceptedCall(tasks, { name: 'hello' })).rejects.toMatchObject({ code: 'server-changed' });
  await expect.poll(() => opened[1]?.ended).toBeDefined();
});

test('a client closed before it has connected ends its events and never connects', async () => {
  const { tasks, opened } = reconnecting(() => Promise.reject(new Error('never')));
  const events = collect(tasks.events());
  await tasks.close();
  expect(await events).toEqual([]);
  await expect(acceptedCall(tasks, { name: 'hello' })).rejects.toMatchObject({ code: 'closed' });
  expect(() => tasks.connection).toThrow(TaskError);
  expect(opened).toEqual([]);
});

test('a client needs a connection or a connect function', () => {
  expect(() => createTaskClient({ store: createMemoryStore() })).toThrow(TypeError);
});
