import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TaskStore } from '@mcp-tasks/client';
import { openMailbox } from '@mcp-tasks/client';
import { openSqliteStore } from '@mcp-tasks/client/sqlite-store';
import { expect, onTestFinished, test } from 'vitest';
import { sampleRecord } from '../../packages/client/src/testing/sample-record.ts';
import { startCountingServer } from './counting-server.ts';
import type { WorkerJob } from './worker-child.ts';
import { startWorker, type WorkerProcess } from './worker-process.ts';

const HINT_MS = 500;
const ZEROS = { overlaps: 0, stale: 0, doubleAnswers: 0 };

/** A SQLite store with this many open tasks of one server, and worker processes on it. */
async function createFleet(tasks: number) {
  const directory = mkdtempSync(join(tmpdir(), 'mcp-tasks-fleet-'));
  const server = await startCountingServer(HINT_MS);
  const store = await openSqliteStore({ directory });
  const running: WorkerProcess[] = [];
  const settled: { readonly by: string; readonly id: string }[] = [];
  onTestFinished(async () => {
    for (const worker of running) worker.signal('SIGKILL');
    await Promise.all(running.map(({ ended }) => ended));
    server.stop();
    await store.close();
    rmSync(directory, { recursive: true, force: true });
  });
  const target = { kind: 'url', url: server.url } as const;
  for (let index = 0; index < tasks; index += 1) {
    const of = { fingerprint: 'fleet', label: 'fleet', target };
    await store.create(sampleRecord({ id: `a${index}`, taskId: `t${index}`, server: of, pollIntervalMs: HINT_MS }));
  }
  function start(name: string, over: Partial<WorkerJob> = {}): WorkerProcess {
    const worker = startWorker({ name, store: { kind: 'sqlite', directory }, ...over }, (line) => {
      if ('settled' in line) settled.push({ by: name, id: line.settled });
    });
    running.push(worker);
    return worker;
  }
  return { store, server, settled, start };
}

async function heldBy(store: TaskStore, owner: string): Promise<number> {
  return (await store.owners()).find((each) => each.owner === owner)?.tasks ?? 0;
}

test('workers share the tasks of one file; those of a killed one are claimed at once; no poll overlaps', async () => {
  const { store, server, start } = await createFleet(60);
  const [mona, otto, pia] = [start('mona'), start('otto'), start('pia')];
  const owners = await Promise.all([mona, otto, pia].map(({ owner }) => owner));
  const shares = async () => Promise.all(owners.map((owner) => heldBy(store, owner)));
  await expect.poll(async () => Math.max(...(await shares()))).toBeLessThanOrEqual(24);
  await expect.poll(async () => (await shares()).reduce((sum, each) => sum + each, 0)).toBe(60);
  mona.signal('SIGKILL');
  const killedAt = Date.now();
  const left = async () => (await heldBy(store, owners[1] ?? '')) + (await heldBy(store, owners[2] ?? ''));
  await expect.poll(left, { interval: 50 }).toBe(60);
  expect(Date.now() - killedAt).toBeLessThan(3_500);
  const since = Date.now();
  await expect.poll(() => [...server.tasks.values()].filter(({ polledAt }) => polledAt > since).length).toBe(60);
  expect(server.count).toMatchObject(ZEROS);
  expect(server.notices).toEqual([]);
});

test('a worker releases its tasks on SIGTERM, and the other worker polls them all', async () => {
  const { store, server, start } = await createFleet(40);
  const [mona, otto] = [start('mona'), start('otto')];
  const owner = await otto.owner;
  await expect.poll(async () => (await store.owners()).length).toBe(2);
  await expect.poll(async () => heldBy(store, owner)).toBeGreaterThan(10);
  mona.signal('SIGTERM');
  expect(await mona.ended).toBe(0);
  expect((await store.owners()).map((each) => each.owner)).toEqual([owner]);
  await expect.poll(async () => heldBy(store, owner)).toBe(40);
  const since = Date.now();
  await expect.poll(() => [...server.tasks.values()].filter(({ polledAt }) => polledAt > since).length).toBe(40);
  expect(server.count).toMatchObject(ZEROS);
});

test('an outcome that a killed worker did not deliver is delivered by another', async () => {
  const { store, server, settled, start } = await createFleet(3);
  const mona = start('mona', { holdsEnds: true });
  await expect.poll(async () => heldBy(store, await mona.owner)).toBe(3);
  server.finish('t0');
  await expect.poll(() => settled).toEqual([{ by: 'mona', id: 'a0' }]);
  expect((await store.read('a0'))?.deliveredAt).toBe(null);
  mona.signal('SIGKILL');
  start('otto');
  await expect
    .poll(() => settled)
    .toEqual([
      { by: 'mona', id: 'a0' },
      { by: 'otto', id: 'a0' },
    ]);
  await expect.poll(async () => (await store.read('a0'))?.deliveredAt).toBeGreaterThan(0);
});

test('a worker resumed after its lease expired sends nothing stale, and the other polls its tasks', async () => {
  const { store, server, start } = await createFleet(20);
  const [mona, otto] = [start('mona'), start('otto')];
  const [first, second] = [await mona.owner, await otto.owner];
  await expect.poll(async () => Math.min(await heldBy(store, first), await heldBy(store, second))).toBeGreaterThan(5);
  mona.signal('SIGSTOP');
  await expect.poll(async () => heldBy(store, second)).toBe(20);
  await expect.poll(() => [...server.tasks.values()].filter(({ fence }) => fence > 1).length).toBeGreaterThan(5);
  mona.signal('SIGCONT');
  await expect.poll(async () => (await store.owners()).length).toBe(2);
  await using mailbox = openMailbox(store);
  server.ask('t7');
  await expect.poll(async () => (await mailbox.list({ asking: true })).records.length).toBe(1);
  await (await mailbox.get('a7').question('q1')).answer({ action: 'decline' });
  expect(server.count).toMatchObject({ ...ZEROS, answered: 1 });
  expect(server.notices).toEqual([]);
});
