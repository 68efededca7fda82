import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTaskClient, type TaskClient, type TaskStore } from '@mcp-tasks/client';
import { createMemoryStore } from '@mcp-tasks/client/memory-store';
import { openSqliteStore } from '@mcp-tasks/client/sqlite-store';
import { acceptedCall } from '../../../packages/client/src/testing/accepted-call.ts';
import { followOpen } from '../../../packages/client/src/testing/follow-open.ts';
import { sampleRecord } from '../../../packages/client/src/testing/sample-record.ts';
import type { OurStore } from './measurement.ts';
import type { World } from './open-world.ts';
import { firstPollMs } from './peers.ts';
import { AT } from './scripted-tasks.ts';

/** Time reserved for filling a store, so that no poll is due before the run begins. */
const FILL_MS_PER_TASK = 1;
const FILL_MS = 300;
/** A memory-backed folder: the file is filled there, then moved to a real disk. */
const FAST = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

export interface FilledStore {
  readonly store: TaskStore;
  close(): Promise<void>;
}

/** Records as a poll has left them: the next poll returns nothing new. */
async function fill(store: TaskStore, { ids, target, fingerprint }: World, hintMs: number, startsAt: number) {
  const now = Date.now();
  const all = ids.map((taskId, n) =>
    store.create(
      sampleRecord({
        id: `t${String(n).padStart(5, '0')}`,
        taskId,
        tool: 'work',
        arguments: { service: 'checkout', version: `2.${n}.0` },
        server: { fingerprint, label: 'bench', target },
        statusMessage: 'Under way',
        serverCreatedAt: AT,
        serverUpdatedAt: AT,
        begunAt: now,
        createdAt: now,
        updatedAt: now,
        observedAt: now,
        ttlMs: null,
        pollIntervalMs: hintMs,
        nextPollAt: Math.round(startsAt + firstPollMs(n, ids.length, hintMs)),
        history: [{ at: now, status: 'working', message: 'Under way' }],
      }),
    ),
  );
  await Promise.all(all);
}

/** A store with this world's tasks; their first polls are spread over one hint from now. */
export async function openFilled(kind: OurStore, world: World, hintMs: number): Promise<FilledStore> {
  const startsAt = Date.now() + FILL_MS + world.ids.length * FILL_MS_PER_TASK;
  const opened = kind === 'memory' ? memory() : await sqlite(world, hintMs, startsAt);
  if (kind === 'memory') await fill(opened.store, world, hintMs, startsAt);
  await new Promise((resolve) => setTimeout(resolve, startsAt - Date.now()));
  return opened;
}

function memory(): FilledStore {
  const store = createMemoryStore();
  return { store, close: () => store.close() };
}

async function sqlite(world: World, hintMs: number, startsAt: number): Promise<FilledStore> {
  const fast = mkdtempSync(join(FAST, 'mcp-tasks-fill-'));
  const directory = mkdtempSync(join(tmpdir(), 'mcp-tasks-bench-'));
  const first = await openSqliteStore({ directory: fast });
  await fill(first, world, hintMs, startsAt);
  await first.close();
  cpSync(fast, directory, { recursive: true });
  rmSync(fast, { recursive: true });
  const store = await openSqliteStore({ directory });
  return {
    store,
    async close() {
      await store.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

export async function openClient(world: World, store: TaskStore): Promise<TaskClient> {
  return createTaskClient({ connection: await world.connect(), store });
}

/** Resumes the recorded tasks and follows them to their end. */
export async function driveOurs(client: TaskClient): Promise<void> {
  const handles = await followOpen(client);
  const outcomes = await Promise.all(handles.map((handle) => handle.outcome()));
  const odd = outcomes.find(({ status }) => status !== 'completed');
  if (odd !== undefined) throw new Error(`A task is ${odd.status}`);
}

export async function createTask(client: TaskClient): Promise<void> {
  const answer = await acceptedCall(client, { name: 'work', arguments: { service: 'checkout' } });
  if (answer.kind !== 'task') throw new Error('The call made no task');
}
