import type { Claim } from '../store/task-store.ts';
import type { TaskRecord } from '../task/record.ts';

/** One task as its worker sees it. */
export interface Member {
  readonly id: string;
  /**
   * - `leads`: holds the lease.
   * - `waits`: wants the lease, which another worker holds.
   * - `borrows`: has asked for the lease, for one poll.
   * - `reads`: hears of its changes and wants no lease, for now or ever.
   * - `rests`: there is nothing to drive and nothing to hear.
   */
  readonly need: 'leads' | 'waits' | 'borrows' | 'reads' | 'rests';
  /** The lease was given to this worker, with the record as it stands. */
  lead(claim: Claim): void;
  /** The lease may be another's by now: nothing is sent or written under it. */
  lapse(): void;
  /** Somebody else wrote to the record that is led here. */
  look(): void;
  /** Somebody wants to know now how the task stands: it is polled once, and what the server says is written. */
  refresh(): void;
  /** The record as another worker wrote it; undefined: it was deleted. */
  recordChanged(record: TaskRecord | undefined): void;
  /** Others may have written meanwhile: look at the stored record. */
  reread(): void;
  /** At each heartbeat: what was put off long enough is written, and what cannot be driven any more is given back. */
  review(): void;
  /** The store takes no heartbeat, or does again. */
  troubled(): void;
}
