import { isCallLost, type TaskRecord, type TaskStore } from '@mcp-tasks/client';

/** How long a keeper that was just started waits for the front that wanted it. */
const FIRST_MS = 10_000;
const LOOK_MS = 500;

export interface IdleOptions {
  readonly store: TaskStore;
  /** Of this process. */
  readonly owner: string;
  readonly fingerprint: string;
  /** Whether an open task needs this process, beside what nobody can drive. */
  readonly needsKeeper: (record: TaskRecord) => boolean;
  readonly onIdle: () => void;
}

/** Ends a keeper that no front uses and that no open task needs. */
export interface Idle {
  fronts(count: number): void;
  /** A front says how long to wait for another one after it, in ms: the longest wish counts. */
  linger(lingerMs: number): void;
  end(): void;
}

export function createIdle({ store, owner, fingerprint, needsKeeper, onIdle }: IdleOptions): Idle {
  let fronts: number | undefined;
  let lingerMs = 0;
  let idleSince: number | undefined;

  /** A task that another living process drives needs this one not. */
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
