import type { Clock } from '../clock.ts';
import type { Claim, Lease, TaskStore } from '../store/task-store.ts';
import { gather } from './gather.ts';

/** So many leases are asked for, or given back, with one statement. */
const MAX_AT_ONCE = 1_000;

/** Asks for leases and gives them back, many in one round trip. */
export interface Leases {
  /** Resolves when the store has answered, or could not. What was given goes to `onClaimed` before that. */
  claim(id: string): Promise<void>;
  /** A lease that the store cannot take back now is given back with a later heartbeat: nobody else would free it. */
  giveBack(lease: Lease): Promise<void>;
  /** Tries again what could not be given back, but for tasks that somebody here wants again by now. */
  retry(isWanted: (id: string) => boolean): void;
  /** The owner was taken for dead: nothing is left to be given back. */
  forget(): void;
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
