import type { Failure } from '../connect/connection.ts';
import type { LifecycleEvent } from '../machine/lifecycle.ts';
import type { TaskDialect } from '../protocol/dialect.ts';
import type { Claim } from '../store/task-store.ts';
import type { TaskRecord } from '../task/record.ts';
import type { Outcome, TaskSnapshot } from '../task/task.ts';
import type { TaskChange } from '../task/updates.ts';
import type { Broadcast } from './broadcast.ts';
import type { LazyAbort } from './lazy-abort.ts';
import type { Member } from './store-member.ts';

type Unstamp<Event> = Event extends LifecycleEvent ? Omit<Event, 'now' | 'chance'> : never;
/** An event without its time. */
export type Unstamped = Unstamp<LifecycleEvent>;

export interface StepOptions {
  /** Save the event even without the lease: only this process received it. @default false */
  readonly saveWithoutLease?: boolean;
  /** The server is unreachable from here: the lease is given back after the step. @default false */
  readonly standBack?: boolean;
  /** Step on the stored record: other processes may have written to it. @default false */
  readonly sync?: boolean;
}

export interface FollowerOptions {
  /** The call of this record is made here; otherwise a call without a response was abandoned. */
  readonly calling?: boolean;
  /** @default the dialect of new calls */
  readonly dialect?: TaskDialect | undefined;
}

/** One task in this process. `task-mode.ts` lists its modes. */
export interface Follower extends Member {
  readonly record: TaskRecord;
  /** The record with possibly outdated poll times; `record` is rebuilt after each poll. */
  readonly known: TaskRecord;
  /** The dialect of the task's protocol. */
  readonly dialect: TaskDialect;
  readonly broadcast: Broadcast<TaskChange>;
  readonly leading: boolean;
  /** The server is unreachable from here, and the lease is left to others. */
  readonly standsBack: boolean;
  /** The task is led here, and the last heartbeat is recent enough to send requests. */
  readonly mayAct: boolean;
  /** When the task was resumed here: earlier messages of the server may be outdated. */
  readonly since: number;
  /** Set when the response to our call was lost: the call may have run. */
  readonly lost: Failure | null;
  /** The record after the call became a task, while unsaved: the caller waits until the store has saved it. */
  readonly heldBack: TaskRecord | undefined;
  /** The record was deleted, here or by another process. */
  readonly isDeleted: boolean;
  /** The task is no longer followed here. */
  readonly isLeft: boolean;
  /** Consecutive failures of requests about the task here. */
  readonly failures: number;
  /** The reason why waiting is pointless for now, although the task is not settled. */
  readonly blocked: Outcome | null;
  /** True if this process sends no requests about the task: the connection has ended, or the store fails. */
  readonly isCutOff: boolean;
  /** Aborts when the task is no longer followed here. */
  readonly signal: AbortSignal;
  /** Aborts when the current lease ends, and with it every stream that only the lease holder may have. */
  readonly leaseSignal: AbortSignal;
  readonly life: LazyAbort;
  readonly lease: LazyAbort;
  dispatch(event: Unstamped, options?: StepOptions): Promise<void>;
  /** A poll succeeded. `asked`: the keys whose requests are pending on an open stream. */
  observed(snapshot: TaskSnapshot, asked: readonly string[]): Promise<void> | undefined;
  /** Claims the lease, or uses the given claim, and runs the first step. */
  resume(claim?: Claim): Promise<void>;
  /** Gives the lease back for good: from now on the task is followed through its record. */
  handOver(): Promise<void>;
  /** Called with the record that this process just wrote without the lease: an answer or a cancel request. */
  posted(record: TaskRecord): Promise<void>;
  /** Called on every change, except polls without news. */
  onChange(listener: () => void): () => void;
  /** Called on every change and every poll. */
  onPoll(listener: () => void): () => void;
  stop(): Promise<void>;
}

/** The part of a task that answering and cancelling need, whether it is driven here or only read from its record. */
export interface KnownTask
  extends Pick<Follower, 'record' | 'blocked' | 'isDeleted' | 'isLeft' | 'broadcast' | 'onChange' | 'posted'> {
  /** Undefined for a protocol that this process does not support. */
  readonly dialect: Pick<TaskDialect, 'traits' | 'cancel'> | undefined;
}
