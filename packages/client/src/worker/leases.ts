import type { Clock } from '../clock.ts';
import type { Claim, Lease, TaskStore } from '../store/task-store.ts';
import { gather } from './gather.ts';

/** The maximum of leases claimed or given back with one statement. */
const MAX_AT_ONCE = 1_000;

/** Claims leases and gives them back, many in one round trip. */
export interface Leases {
  /** Resolves when the store has responded or failed. Granted leases go to `onClaimed` before that. */
  claim(id: string): Promise<void>;
  /** Gives a lease back. If the store fails, a later heartbeat retries: no other process would free it. */
  giveBack(lease: Lease): Promise<void>;
  /** Retries failed give-backs, except for tasks that are wanted here again. */
  retry(isWanted: (id: string) => boolean): void;
  /** The owner was declared dead: drops the pending give-backs. */
  forget(): void;
}

export interface LeasesOptions {
  readonly store: Pick<TaskStore, 'claim' | 'release'>;
  readonly owner: string;
  /** Starts the heartbeat; it precedes the first claim. */
  begin(): Promise<void>;
  onClaimed(claims: readonly Claim[]): void;
  onTrouble(error: unknown): void;
}

export function createLeases({ store, owner, begin, onClaimed, onTrouble }: LeasesOptions): Leases {
  async function claimAll(ids: readonly string[]): Promise<void> {
    await begin();
    for (let from = 0; from < ids.length; from += MAX_AT_ONCE) {
      const part = ids.slice(from, from + MAX_AT_ONCE);
      onClaimed(await store.claim({ owner, limit: part.length, ids: part }));
    }
  }

  let unreturned: readonly Lease[] = [];

  async function release(leases: readonly Lease[]): Promise<void> {
    try {
      await store.release(leases);
    } catch {
      unreturned = [...unreturned, ...leases];
    }
  }

  const claim = gather((ids: readonly string[]) => claimAll([...new Set(ids)]).catch(onTrouble));
  return {
    claim,
    giveBack: gather(release),
    retry(isWanted) {
      const leases = unreturned.filter(({ id }) => !isWanted(id));
      unreturned = [];
      if (leases.length > 0) void release(leases);
    },
    forget() {
      unreturned = [];
    },
  };
}

export interface Rounds {
  start(): void;
  stop(): void;
}

/** Runs the work once per interval, between `start` and `stop`. */
export function createRounds(clock: Clock, intervalMs: number, work: () => void): Rounds {
  let cancel: (() => void) | undefined;
  const again = (): void => {
    cancel = clock.schedule(intervalMs, () => {
      again();
      work();
    });
  };
  return {
    start() {
      if (cancel === undefined) again();
    },
    stop() {
      cancel?.();
      cancel = undefined;
    },
  };
}
