import type { Clock } from '../clock.ts';
import { TaskError } from '../errors.ts';
import type { TaskStore } from '../store/task-store.ts';
import type { TaskRecord } from '../task/record.ts';

const TIMEOUT_MS = 2_000;
/** The interval of reads of the record: a response without news is saved without a notification. */
const READ_MS = 100;

interface RefreshContext {
  readonly store: Pick<TaskStore, 'post' | 'read' | 'update' | 'ownerOf'>;
  readonly clock: Clock;
  readonly timeoutMs?: number | undefined;
}

/** Asks the lease holder to poll the task; resolves to the record that it saves, or to the current one. */
export async function refreshRecord(first: TaskRecord, around: RefreshContext): Promise<TaskRecord> {
  const { store, clock, timeoutMs = TIMEOUT_MS } = around;
  const { id } = first;
  if (first.phase === 'settled' || !(await requestPoll(id, store))) return first;
  const until = clock.now() + timeoutMs;
  for (;;) {
    const record = await store.read(id);
    if (record === undefined) throw new TaskError('not-found', `Task ${id}: its record was deleted`);
    const isNews = record.observedAt !== first.observedAt || record.updatedAt !== first.updatedAt;
    const left = until - clock.now();
    if (isNews || left <= 0) return record;
    await new Promise<void>((resolve) => void clock.schedule(Math.min(READ_MS, left), resolve));
  }
}

/** False without a lease holder. In a store without mail, a write without change makes the holder save its state. */
async function requestPoll(id: string, store: RefreshContext['store']): Promise<boolean> {
  if (store.post !== undefined) return store.post({ kind: 'look', id });
  if ((await store.ownerOf(id)) === undefined) return false;
  await store.update(id, (record) => ({ ...record }));
  return true;
}
