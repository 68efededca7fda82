import { isCallLost, type TaskRecord, type TaskStore } from '@mcp-tasks/client';

/** How long a new keeper waits for its first front, in ms. */
const FIRST_MS = 10_000;
const LOOK_MS = 500;

export interface IdleOptions {
  readonly store: TaskStore;
  /** The owner id of this process. */
  readonly owner: string;
  readonly fingerprint: string;
  /** Whether an open task needs this process, unless its call is lost. */
  readonly needsKeeper: (record: TaskRecord) => boolean;
  readonly onIdle: () => void;
}

/** Ends a keeper without fronts and without open tasks that need it. */
export interface Idle {
  fronts(count: number): void;
  /** A front asks the keeper to wait for another front, in ms; the longest request counts. */
  linger(lingerMs: number): void;
  end(): void;
}

export function createIdle({ store, owner, fingerprint, needsKeeper, onIdle }: IdleOptions): Idle {
  let fronts: number | undefined;
  let lingerMs = 0;
  let idleSince: number | undefined;

  /** A task whose lease another live process holds does not need this one. */
  async function isNeeded(): Promise<boolean> {
    const { records } = await store.list({ open: true, fingerprint });
    const open = records.filter((record) => !isCallLost(record) && needsKeeper(record));
    const owners = await Promise.all(open.map(({ id }) => store.ownerOf(id).catch(() => undefined)));
    return owners.some((each) => each === undefined || each === owner);
  }

  async function look(): Promise<void> {
    if ((fronts ?? 0) > 0) {
      idleSince = undefined;
      return;
    }
    const now = Date.now();
    if (await isNeeded()) idleSince = undefined;
    else idleSince ??= now;
    const most = fronts === undefined ? FIRST_MS : lingerMs;
    if (idleSince !== undefined && (fronts ?? 0) === 0 && now - idleSince >= most) onIdle();
  }

  const timer = setInterval(() => void look().catch(() => undefined), LOOK_MS);
  return {
    fronts(count) {
      fronts = count;
    },
    linger(wished) {
      if (Number.isFinite(wished)) lingerMs = Math.max(lingerMs, wished);
    },
    end: () => clearInterval(timer),
  };
}
