import type { Claim } from '../store/task-store.ts';

/** One task, as its worker sees it. */
export interface Member {
  readonly id: string;
  /**
   * - `leads`: holds the lease.
   * - `waits`: wants the lease, which another worker holds.
   * - `borrows`: has asked for the lease, for one poll.
   * - `reads`: receives changes and wants no lease, for now or ever.
   * - `rests`: has nothing to drive and nothing to receive.
   */
  readonly need: 'leads' | 'waits' | 'borrows' | 'reads' | 'rests';
  /** The worker received the lease, with the current record. */
  lead(claim: Claim): void;
  /** The lease is in doubt: nothing is sent or written under it. */
  lapse(): void;
  /** Steps on the stored record: applies writes of other processes, and saves changes that are only in memory. */
  sync(): void;
  /** A caller asked for a refresh: the task is polled once, and the response is saved. */
  refresh(): void;
  /** Reads the stored record: others may have written to it. */
  reread(): void | Promise<void>;
  /** The connection of the task has ended: nothing can be sent about it here. */
  readonly isConnectionEnded: boolean;
  /** Saves changes that are only in memory, and gives back a task that can no longer be driven. */
  review(): void;
  /** The store stopped or resumed accepting the heartbeat. */
  troubled(): void;
}
