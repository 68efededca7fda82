import { isCallLost, type TaskRecord, type TaskStore } from '@mcp-tasks/client';

const CHECK_MS = 2_000;
/** Time for a process to take its call's lease after recording it, in ms. */
const LEASE_GRACE_MS = 5_000;

export interface LostCallsOptions {
  readonly store: Pick<TaskStore, 'ownerOf'>;
  readonly now: () => number;
  readonly schedule: (delayMs: number, callback: () => void) => () => void;
  /** Reports records again when their calls are found lost. */
  readonly onLost: (records: readonly TaskRecord[]) => void;
}

/** Finds calls whose reply was lost without a record of it: the calling process was killed, or the disk was full. */
export interface LostCalls {
  /** Records as shown, with lost calls marked. */
  read(records: readonly TaskRecord[]): readonly TaskRecord[];
  /** Marks a call as lost, with the reason it failed here. */
  add(record: TaskRecord, trouble: string): void;
  stop(): void;
}

export function createLostCalls(options: LostCallsOptions): LostCalls {
  const lost = new Map<string, { readonly trouble: string; readonly since: number }>();
  const waiting = new Map<string, TaskRecord>();
  let cancel: (() => void) | undefined;
  let stopped = false;

  function markLost(record: TaskRecord): TaskRecord {
    const known = lost.get(record.id);
    if (known === undefined || !isWaiting(record)) return record;
    return { ...record, contact: { kind: 'lost', since: known.since }, trouble: known.trouble };
  }

  async function checkOwners(): Promise<void> {
    cancel = undefined;
    const due = [...waiting.values()].filter((record) => options.now() - record.createdAt >= LEASE_GRACE_MS);
    const owners = await Promise.all(due.map(({ id }) => options.store.ownerOf(id).catch(() => 'not known')));
    const abandoned = due.filter((record, at) => owners[at] === undefined && waiting.has(record.id));
    for (const { id } of abandoned) {
      lost.set(id, { trouble: 'the process that made the call is gone', since: options.now() });
      waiting.delete(id);
    }
    if (!stopped && abandoned.length > 0) options.onLost(abandoned.map(markLost));
    scheduleCheck();
  }

  function scheduleCheck(): void {
    if (stopped || waiting.size === 0) return;
    cancel ??= options.schedule(CHECK_MS, () => void checkOwners());
  }

  return {
    read(records) {
      for (const record of records) {
        if (isWaiting(record) && !lost.has(record.id)) waiting.set(record.id, record);
        else waiting.delete(record.id);
      }
      scheduleCheck();
      return records.map(markLost);
    },
    add(record, trouble) {
      lost.set(record.id, { trouble, since: options.now() });
      waiting.delete(record.id);
      if (isWaiting(record)) options.onLost([markLost(record)]);
    },
    stop() {
      stopped = true;
      cancel?.();
    },
  };
}

function isWaiting(record: TaskRecord): boolean {
  return record.phase === 'intent' && !isCallLost(record);
}
