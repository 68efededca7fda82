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
  /** What the server said to this process alone: written also without the lease. @default false */
  readonly fact?: boolean;
  /** The server is out of reach from here: the lease is given back after the step. @default false */
  readonly standBack?: boolean;
  /** Others may have written: the step is taken on the stored record. @default false */
  readonly look?: boolean;
}

export interface FollowerOptions {
  /** The call of this record is made here; without it, a record whose call has no answer is one that was abandoned. */
  readonly calling?: boolean;
  /** @default that of new calls */
  readonly dialect?: TaskDialect | undefined;
}

/** One task in this process. `task-mode.ts` says what this worker can be to it. */
export interface Follower extends Member {
  readonly record: TaskRecord;
  /** The record, whose instants may be those of an earlier poll: `record` makes it anew after each. */
  readonly known: TaskRecord;
  /** How its server is spoken to about it. */
  readonly dialect: TaskDialect;
  readonly broadcast: Broadcast<TaskChange>;
  readonly leading: boolean;
  /** It is led here, and the last heartbeat is young enough to send something now. */
  readonly mayAct: boolean;
  /** When it was taken up here: what the server said before may be over by now. */
  readonly since: number;
  /** Set when the answer to our call never came: it may have run. */
  readonly lost: Failure | null;
  /** The record with the task that the call has become, while the store has not taken it. Its caller waits for that. */
  readonly heldBack: TaskRecord | undefined;
  /** The record was forgotten, here or by another process. */
  readonly gone: boolean;
  /** The task is no longer followed here. */
  readonly isLeft: boolean;
  /** Consecutive failures of what was asked about it here. */
  readonly failures: number;
  /** Why waiting makes no sense for now, although the task is not settled. */
  readonly condition: Outcome | null;
  /** The condition is that nothing is asked here: the connection has ended, or the store is in trouble. */
  readonly isCutOff: boolean;
  /** Aborts when the task is no longer followed here. */
  readonly signal: AbortSignal;
  /** Aborts when the lease that is held now ends: what only the driver of a task may have open ends with it. */
  readonly leaseSignal: AbortSignal;
  readonly life: LazyAbort;
  readonly lease: LazyAbort;
  dispatch(event: Unstamped, options?: StepOptions): Promise<void>;
  /** A poll was answered. `asked`: the keys for which the server waits on a stream that is open. */
  observed(snapshot: TaskSnapshot, asked: readonly string[]): Promise<void> | undefined;
  /** Asks for the lease, or takes one that was claimed already, and takes the first step. */
  takeUp(claim?: Claim): Promise<void>;
  /** Gives the lease back for good: from now on the task is followed through its record. */
  handOver(): Promise<void>;
  /** The record as this process has just written it without the lease: an answer, a wish to cancel. */
  posted(record: TaskRecord): Promise<void>;
  /** Told of every change but that of a poll without news. */
  onChange(listener: () => void): () => void;
  /** Told of every change, and of every poll. */
  onPoll(listener: () => void): () => void;
  stop(): Promise<void>;
}

/** What answering and cancelling know of a task, whether this process drives it or only reads its record. */
export interface KnownTask
  extends Pick<Follower, 'record' | 'condition' | 'gone' | 'isLeft' | 'broadcast' | 'onChange' | 'posted'> {
  /** Undefined for a protocol that this process does not speak. */
  readonly dialect: Pick<TaskDialect, 'traits' | 'cancel'> | undefined;
}
