import type { Clock } from '../clock.ts';
import type { Claim, Lease, TaskStore } from '../store/task-store.ts';
import { gather } from './gather.ts';

/** So many leases are asked for, or given back, with one statement. */
const MAX_AT_ONCE = 1_000;

/** Asks for leases and gives them back, many in one round trip. */
export interface Leases {
  /** Resolves when the store has answered, or could not. What was given goes to `onClaimed` before that. */
  claim(id: string): Promise<void>;
  giveBack(lease: Lease): Promise<void>;
}

export interface LeasesOptions {
  readonly store: Pick<TaskStore, 'claim' | 'release'>;
  readonly owner: string;
  /** The heartbeat comes before the first claim. */
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

  async function release(leases: readonly Lease[]): Promise<void> {
    await store.release(leases);
  }

  const claim = gather((ids: readonly string[]) => claimAll([...new Set(ids)]).catch(onTrouble));
  // What cannot be given back ends with the heartbeat.
  const giveBack = gather((leases: readonly Lease[]) => release(leases).catch(() => undefined));
  return { claim, giveBack };
}

export interface Rounds {
  start(): void;
  stop(): void;
}

/** Does the work once in every interval, between `start` and `stop`. */
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
