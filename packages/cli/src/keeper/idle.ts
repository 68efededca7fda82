import { type Clock, isCallLost, type TaskRecord, type TaskStore } from '@mcp-tasks/client';

/** How long a new keeper waits for its first front, in ms. */
const FIRST_MS = 10_000;
/** A keeper without fronts ends when its records are unreadable for this long, in ms. */
const UNREADABLE_MS = 60_000;
const CHECK_MS = 500;

export interface IdleOptions {
  readonly store: Pick<TaskStore, 'list' | 'ownerOf'>;
  /** The owner id of this process. */
  readonly owner: string;
  readonly fingerprint: string;
  /** Whether an open task needs this process, unless its call is lost. */
  readonly needsKeeper: (record: TaskRecord) => boolean;
  /** Whether the folder of the records was deleted: no front can find this keeper or its tasks. */
  readonly isFolderGone: () => Promise<boolean>;
  readonly clock: Clock;
  readonly onIdle: () => void | Promise<void>;
}

/** Ends a keeper without fronts and without open tasks that need it. */
export interface Idle {
  fronts(count: number): void;
  /** A front asks the keeper to wait for another front, in ms; the longest request counts. */
  linger(lingerMs: number): void;
  end(): void;
}

/** Why a keeper keeps running; `unreadable`: its records cannot be read. */
type Need = 'fronts' | 'tasks' | 'unreadable' | 'nothing';

export function createIdle(options: IdleOptions): Idle {
  const { store, owner, fingerprint, needsKeeper, isFolderGone, clock, onIdle } = options;
  let fronts: number | undefined;
  let lingerMs = 0;
  let last: { readonly need: Need; readonly since: number } = { need: 'fronts', since: clock.now() };
  let cancel = (): void => undefined;
  let hasEnded = false;

  /** A task whose lease another live process holds does not need this one. */
  async function hasTasks(): Promise<boolean> {
    const { records } = await store.list({ open: true, fingerprint });
    const open = records.filter((record) => !isCallLost(record) && needsKeeper(record));
    const owners = await Promise.all(open.map(({ id }) => store.ownerOf(id).catch(() => undefined)));
    return owners.some((each) => each === undefined || each === owner);
  }

  async function needNow(): Promise<Need> {
    if ((fronts ?? 0) > 0) return 'fronts';
    try {
      return (await hasTasks()) ? 'tasks' : 'nothing';
    } catch {
      return 'unreadable';
    }
  }

  function limitOf(need: Need): number {
    if (need === 'unreadable') return UNREADABLE_MS;
    if (need !== 'nothing') return Number.POSITIVE_INFINITY;
    return fronts === undefined ? FIRST_MS : lingerMs;
  }

  async function check(): Promise<void> {
    const isGone = await isFolderGone();
    const need = await needNow();
    const now = clock.now();
    if (need !== last.need) last = { need, since: now };
    const isOver = isGone || now - last.since >= limitOf(need);
    if (hasEnded) return;
    // A front may have connected meanwhile.
    if (isOver && (fronts ?? 0) === 0) await onIdle();
    if (hasEnded) return;
    cancel = clock.schedule(CHECK_MS, check);
  }

  cancel = clock.schedule(CHECK_MS, check);
  return {
    fronts(count) {
      fronts = count;
    },
    linger(requestedMs) {
      if (Number.isFinite(requestedMs)) lingerMs = Math.max(lingerMs, requestedMs);
    },
    end() {
      hasEnded = true;
      cancel();
    },
  };
}
