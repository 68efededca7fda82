import type { Clock } from '../clock.ts';
import type { TaskStore, Tenure } from '../store/task-store.ts';
import { ageOf, type Instant, instantOf } from './instant.ts';

/** The interval of the heartbeat. */
const RENEW_MS = 2_500;
/** Nothing is sent or written once the last heartbeat is this old. Other owners declare this one dead after 10 s. */
export const CERTAIN_MS = 7_000;
/** The minimum delay between the last heartbeat and a requested one. */
const REFRESH_MS = 250;
const FIRST_RETRY_MS = 250;
const LAST_RETRY_MS = 2_000;
/** A store that has not responded for this long is asked again in parallel. */
const HANGS_MS = 5_000;

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
  /** The store does not accept the heartbeat; undefined when it recovers. */
  troubled(reason: string | undefined): void;
}

/** The heartbeat of one owner: the single place that decides whether this process may act on its tasks. */
export interface Ownership {
  readonly owner: string;
  /** True while requests and writes are allowed. */
  isCertain(): boolean;
  /** This owner's share: the number of open tasks it should hold. */
  readonly share: number;
  /** No other owner claims tasks of the store, as of the last heartbeat. False if the store does not report it. */
  readonly isAlone: boolean;
  /** Starts the heartbeat. Resolves after the store's first response, or its first failure. */
  begin(): Promise<void>;
  /** Renews soon, to update the share. */
  refresh(): void;
  /** Stops the heartbeat. */
  rest(): void;
}

type HeartbeatStore = Pick<TaskStore, 'renew' | 'onDoubt'>;

export function createOwnership(
  store: HeartbeatStore,
  clock: Clock,
  owner: string,
  events: OwnershipEvents,
): Ownership {
  return new Heartbeat(store, clock, owner, events);
}

class Heartbeat implements Ownership {
  readonly owner: string;
  readonly #store: HeartbeatStore;
  readonly #clock: Clock;
  readonly #events: OwnershipEvents;
  #state: State = { kind: 'resting' };
  #retryMs = FIRST_RETRY_MS;
  #first: Promise<void> = Promise.resolve();
  #cancelBeat: (() => void) | undefined;
  #cancelLimit: (() => void) | undefined;
  #endDoubts: (() => void) | undefined;

  constructor(store: HeartbeatStore, clock: Clock, owner: string, events: OwnershipEvents) {
    this.#store = store;
    this.#clock = clock;
    this.owner = owner;
    this.#events = events;
  }

  get share(): number {
    return this.#state.kind === 'owning' ? this.#state.tenure.share : 0;
  }

  get isAlone(): boolean {
    return this.#state.kind === 'owning' && this.#state.tenure.others === 0;
  }

  /** Checks the age itself, not only a timer: a stopped process runs its timers late. */
  isCertain(): boolean {
    if (this.#state.kind !== 'owning') return false;
    if (ageOf(this.#state.since, this.#clock) < CERTAIN_MS) return true;
    this.#doubt();
    return false;
  }

  begin(): Promise<void> {
    if (this.#state.kind !== 'resting') return this.#first;
    this.#enter({ kind: 'joining' });
    this.#first = this.#beat();
    this.#endDoubts = this.#store.onDoubt?.(() => {
      if (this.#state.kind === 'owning') this.#doubt();
    });
    return this.#first;
  }

  refresh(): void {
    if (this.#state.kind === 'owning') this.#schedule(REFRESH_MS - ageOf(this.#state.since, this.#clock));
  }

  rest(): void {
    if (this.#state.kind === 'resting') return;
    this.#enter({ kind: 'resting' });
    this.#cancelBeat?.();
    this.#cancelLimit?.();
    this.#endDoubts?.();
    this.#retryMs = FIRST_RETRY_MS;
  }

  #enter(next: State): void {
    if (!NEXT[this.#state.kind].includes(next.kind)) {
      throw new Error(`Ownership cannot go from ${this.#state.kind} to ${next.kind}`);
    }
    this.#state = next;
  }

  #doubt(): void {
    this.#enter({ kind: 'doubtful' });
    this.#schedule(0);
    this.#events.doubted();
  }

  #schedule(delayMs: number): void {
    this.#cancelBeat?.();
    this.#cancelBeat = this.#clock.schedule(Math.max(0, delayMs), () => void this.#beat());
  }

  /** Doubts the ownership when the last heartbeat has become too old. */
  #watchLimit(since: Instant): void {
    this.#cancelLimit?.();
    const leftMs = Math.max(0, CERTAIN_MS - ageOf(since, this.#clock));
    this.#cancelLimit = this.#clock.schedule(leftMs, () => {
      if (this.isCertain() && this.#state.kind === 'owning') this.#watchLimit(this.#state.since);
    });
  }

  async #beat(): Promise<void> {
    const since = instantOf(this.#clock);
    this.#schedule(HANGS_MS);
    const isRetry = this.#state.kind === 'doubtful';
    const cancelHang = isRetry
      ? this.#clock.schedule(HANGS_MS, () => this.#events.troubled('it does not answer'))
      : undefined;
    try {
      this.#accept(await this.#store.renew(this.owner), since);
    } catch (error) {
      this.#failed(error);
    } finally {
      cancelHang?.();
    }
  }

  #failed(error: unknown): void {
    if (this.#state.kind === 'resting') return;
    if (this.#state.kind !== 'owning') this.#events.troubled(error instanceof Error ? error.message : String(error));
    this.#schedule(this.#retryMs);
    this.#retryMs = Math.min(LAST_RETRY_MS, this.#retryMs * 2);
  }

  #accept(tenure: Tenure | undefined, since: Instant): void {
    const state = this.#state;
    if (state.kind === 'resting') return;
    this.#retryMs = FIRST_RETRY_MS;
    const isLate = ageOf(since, this.#clock) >= CERTAIN_MS;
    const isOvertaken = state.kind === 'owning' && state.since.monotonic > since.monotonic;
    if (tenure === undefined) this.#lose();
    else if (isLate) this.#schedule(0);
    else if (!isOvertaken) this.#renewed(tenure, since);
  }

  #renewed(tenure: Tenure, since: Instant): void {
    this.#enter({ kind: 'owning', since, tenure });
    this.#watchLimit(since);
    this.#schedule(RENEW_MS - ageOf(since, this.#clock));
    this.#events.troubled(undefined);
    this.#events.renewed();
  }

  /** Joins again with the next heartbeat: at once, or after a delay if this one was an attempt to join. */
  #lose(): void {
    const isAttempt = this.#state.kind === 'joining';
    this.#schedule(isAttempt ? FIRST_RETRY_MS : 0);
    if (!isAttempt) this.#enter({ kind: 'joining' });
    this.#events.lost();
  }
}
