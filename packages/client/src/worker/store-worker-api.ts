import type { Claim, ClaimRequest, Lease } from '../store/task-store.ts';
import type { TaskRecord } from '../task/record.ts';
import type { ClaimNamed } from './named-claims.ts';
import type { ReviewTime } from './reviews.ts';
import type { Member } from './store-member.ts';
import type { Write } from './write-batch.ts';

/** A client of the worker that claims tasks by share, not by id. */
export interface Resident {
  /** A heartbeat succeeded: the share may have changed. */
  renewed(): void;
  /** Leases were given back. */
  released(): void;
}

/** One owner on one store: its heartbeat, leases, writes and mail. Clients with the same owner name share it. */
export interface StoreWorker {
  readonly owner: string;
  /** The reason why the store accepts no heartbeat; undefined while it does. */
  readonly trouble: string | undefined;
  /** Whether requests and writes are allowed under this lease. */
  isCertain(lease: Lease): boolean;
  /** Starts the heartbeat. Resolves after the store's first response, or its first failure. */
  ready(): Promise<void>;
  /**
   * Claims the lease now. Resolves when the store has responded; `lead` was called before that, or the lease is not
   * free.
   */
  claim(member: Member): Promise<void>;
  /** Call this after each change of the member's need. */
  sort(member: Member): void;
  /** See `WriteBatch.write`. */
  write(write: Write): Promise<TaskRecord | undefined>;
  /** Drops the writes of this task that a failing store has not saved. */
  abandon(id: string): void;
  /** Plans a review of a member with changes that are only in memory. */
  reviewAt(member: Member, time: ReviewTime): void;
  giveBack(lease: Lease): Promise<void>;
  /** This owner's share of the open tasks; 0 while its ownership is in doubt. */
  readonly share: number;
  /** No other owner claims tasks of the store. False if the store does not report it. */
  readonly isAlone: boolean;
  /** Keeps the heartbeat running, with or without leases. The returned function ends that. */
  stay(resident: Resident): () => void;
  /** Claims tasks that no living owner holds. Those that a member waits for are handed to it and left out. */
  claimFree(request: Omit<ClaimRequest, 'owner' | 'ids'>): Promise<readonly Claim[]>;
  readonly claimNamed: ClaimNamed;
  /** Renews soon, to update the share. */
  refresh(): void;
  /** Ends the heartbeat and the owner, unless members are left. */
  leave(): Promise<void>;
}
