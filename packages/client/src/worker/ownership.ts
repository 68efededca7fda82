import { type Clock, monotonicNow } from '../clock.ts';
import type { TaskStore, Tenure } from '../store/task-store.ts';

/** The interval of the heartbeat. */
const RENEW_MS = 2_500;
/** Above this age of the heartbeat nothing is sent or written. Other owners declare this one dead after 10 s. */
export const CERTAIN_MS = 7_000;
/** The minimum between the last heartbeat and a requested one. */
const REFRESH_MS = 250;
const FIRST_RETRY_MS = 250;
const LAST_RETRY_MS = 2_000;
/** A store that has not responded for this long is asked again in parallel. */
const HANGS_MS = 5_000;

/** An instant by both clocks: the monotonic clock stops while a machine sleeps, and the wall clock can be set. */
interface Instant {
  readonly monotonic: number;
  readonly wall: number;
}

/**
 * - `resting`: holds no task, has no heartbeat.
 * - `joining`: the first heartbeat is in flight; nothing is held yet.
 * - `owning`: a heartbeat succeeded; while it is younger than 7 s, requests are sent and writes are made.
 * - `doubtful`: the last successful heartbeat is too old. Nothing is sent or written until one succeeds again.
 */
type State =
  | { readonly kind: 'resting' }
  | { readonly kind: 'joining' }
  | { readonly kind: 'owning'; readonly since: Instant; readonly tenure: Tenure }
  | { readonly kind: 'doubtful' };

const NEXT: Readonly<Record<State['kind'], readonly State['kind'][]>> = {
  resting: ['joining'],
  joining: ['owning', 'resting'],
  owning: ['owning', 'doubtful', 'joining', 'resting'],
  doubtful: ['owning', 'joining', 'resting'],
};

export interface OwnershipEvents {
  /** A heartbeat succeeded. */
  renewed(): void;
  /** The ownership is in doubt: another owner may hold its leases by now. */
  doubted(): void;
  /** The store declared this owner dead: all its leases are lost. */
  lost(): void;
  /** The store does not take the heartbeat; undefined when it recovers. */
  troubled(reason: string | undefined): void;
}

/** The heartbeat of one owner: the single place that decides whether this process may act on its tasks. */
export interface Ownership {
  readonly owner: string;
  /** True while requests and writes are allowed. */
  isCertain(): boolean;
  /** This owner's share: the number of open tasks it should hold. */
  readonly share: number;
  /** Starts the heartbeat. Resolves after the store's first response, or its first failure. */
  begin(): Promise<void>;
  /** Renews soon, to update the share. */
  refresh(): void;
  /** Stops the heartbeat. */
  rest(): void;
}

export function createOwnership(
  store: Pick<TaskStore, 'renew' | 'onDoubt'>,
  clock: Clock,
  owner: string,
  events: OwnershipEvents,
): Ownership {
  let state: State = { kind: 'resting' };
  let retryMs = FIRST_RETRY_MS;
  let cancelBeat: (() => void) | undefined;
  let endDoubts: (() => void) | undefined;
  let cancelLimit: (() => void) | undefined;
  let first: Promise<void> | undefined;

  const instant = (): Instant => ({ monotonic: monotonicNow(clock), wall: clock.now() });

  function age({ monotonic, wall }: Instant): number {
    return Math.max(monotonicNow(clock) - monotonic, clock.now() - wall);
  }

  function enter(next: State): void {
    if (!NEXT[state.kind].includes(next.kind)) {
      throw new Error(`Ownership cannot go from ${state.kind} to ${next.kind}`);
    }
    state = next;
  }

  /** Checks the age itself, not only a timer: a stopped process runs its timers late. */
  function isCertain(): boolean {
    if (state.kind !== 'owning') return false;
    if (age(state.since) < CERTAIN_MS) return true;
    doubt();
    return false;
  }

  function doubt(): void {
    enter({ kind: 'doubtful' });
    schedule(0);
    events.doubted();
  }

  function schedule(delayMs: number): void {
    cancelBeat?.();
    cancelBeat = clock.schedule(delayMs, () => void beat());
  }

  function watchLimit(since: Instant): void {
    cancelLimit?.();
    cancelLimit = clock.schedule(Math.max(0, CERTAIN_MS - age(since)), () => {
      if (!isCertain() || state.kind !== 'owning') return;
      watchLimit(state.since);
    });
  }

  async function beat(): Promise<void> {
    const since = instant();
    schedule(HANGS_MS);
    const isRetry = state.kind === 'doubtful';
    const cancelHang = isRetry ? clock.schedule(HANGS_MS, () => events.troubled('it does not answer')) : undefined;
    try {
      take(await store.renew(owner), since);
    } catch (error) {
      if (state.kind === 'resting') return;
      if (state.kind !== 'owning') events.troubled(error instanceof Error ? error.message : String(error));
      schedule(retryMs);
      retryMs = Math.min(LAST_RETRY_MS, retryMs * 2);
    } finally {
      cancelHang?.();
    }
  }

  function take(tenure: Tenure | undefined, since: Instant): void {
    if (state.kind === 'resting') return;
    retryMs = FIRST_RETRY_MS;
    if (tenure === undefined) {
      // The next heartbeat joins anew: at once, unless this one was such an attempt.
      schedule(state.kind === 'joining' ? FIRST_RETRY_MS : 0);
      if (state.kind !== 'joining') enter({ kind: 'joining' });
      events.lost();
      return;
    }
    // The response may be too late, or come after that of a later heartbeat.
    if (age(since) >= CERTAIN_MS) {
      schedule(0);
      return;
    }
    if (state.kind === 'owning' && state.since.monotonic > since.monotonic) return;
    enter({ kind: 'owning', since, tenure });
    watchLimit(since);
    schedule(Math.max(0, RENEW_MS - age(since)));
    events.troubled(undefined);
    events.renewed();
  }

  return {
    owner,
    isCertain,
    get share() {
      return state.kind === 'owning' ? state.tenure.share : 0;
    },
    begin() {
      if (state.kind === 'resting') {
        enter({ kind: 'joining' });
        first = beat();
        endDoubts = store.onDoubt?.(() => {
          if (state.kind === 'owning') doubt();
        });
      }
      return first ?? Promise.resolve();
    },
    refresh() {
      if (state.kind === 'owning') schedule(Math.max(0, REFRESH_MS - age(state.since)));
    },
    rest() {
      if (state.kind === 'resting') return;
      enter({ kind: 'resting' });
      cancelBeat?.();
      cancelLimit?.();
      endDoubts?.();
      retryMs = FIRST_RETRY_MS;
      first = undefined;
    },
  };
}
