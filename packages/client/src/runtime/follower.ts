import {
  advance,
  createLifecycle,
  type Effect,
  type Lifecycle,
  type LifecycleEvent,
  STREAM_KEY,
} from '../core/lifecycle.ts';
import type { TaskRecord } from '../core/record.ts';
import type { Outcome } from '../core/task.ts';
import { type TaskUpdate, updatesBetween } from '../core/updates.ts';
import { TaskError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { Connection, Failure } from '../ports/connection.ts';
import type { Lease, TaskStore } from '../ports/task-store.ts';
import type { TaskDialect } from '../protocol/dialect.ts';
import { type Broadcast, createBroadcast } from './broadcast.ts';
import type { Gate } from './gate.ts';
import type { StreamQuestions } from './stream-questions.ts';

/** Long enough for a busy process to renew in time, short enough that a dead one is soon replaced. */
export const LEASE_MS = 10_000;
const RENEW_MS = 3_000;
const TAKE_OVER_MS = 1_000;

/** What all tasks of one client share. */
export interface Surroundings {
  readonly connection: Connection;
  readonly store: TaskStore;
  readonly clock: Clock;
  readonly dialect: TaskDialect;
  readonly owner: string;
  readonly gate: Gate;
  readonly questions: StreamQuestions;
  readonly minPollIntervalMs: number;
  readonly maxFailures: number;
  readonly observe: boolean;
}

export type Unstamped<Event> = Event extends LifecycleEvent ? Omit<Event, 'now' | 'chance'> : never;
export type Dispatch = (event: Unstamped<LifecycleEvent>) => Promise<void>;
export type Perform = (effect: Effect, follower: Follower, around: Surroundings) => Promise<void>;

/** One task in this process: driven here while we hold its lease, followed through its record while another does. */
export interface Follower {
  readonly record: TaskRecord;
  readonly broadcast: Broadcast<TaskUpdate>;
  readonly leading: boolean;
  /** Set when the answer to our call never came: it may have run. */
  readonly lost: Failure | null;
  /** Why waiting makes no sense for now, although the task is not settled. */
  readonly condition: Outcome | null;
  readonly signal: AbortSignal;
  dispatch: Dispatch;
  /** Looks for what other processes wrote, keeps or takes the lease. */
  tick(now: number): Promise<void>;
  recordChanged(record: TaskRecord): Promise<void>;
  removed(): void;
  onChange(listener: () => void): () => void;
  stop(): Promise<void>;
}

export function createFollower(first: TaskRecord, around: Surroundings, perform: Perform): Follower {
  const { store, clock, owner } = around;
  const { resultApart } = around.dialect;
  const broadcast = createBroadcast<TaskUpdate>();
  const listeners = new Set<() => void>();
  const abort = new AbortController();
  const options = { resultApart, minPollIntervalMs: around.minPollIntervalMs };
  let state: Lifecycle = createLifecycle(first, options);
  let lease: Lease | undefined;
  let lost: Failure | null = null;
  let gone = false;
  let leaseAt = 0;
  let cancelTimer: () => void = () => undefined;
  let queue: Promise<void> = Promise.resolve();
  let unsaved = false;

  function accept(record: TaskRecord): void {
    const before = state.record;
    state = { ...state, record };
    for (const update of updatesBetween(before, record)) broadcast.publish(update);
    for (const listener of listeners) listener();
    if (record.phase === 'settled') void release();
  }

  async function release(): Promise<void> {
    cancelTimer();
    const held = lease;
    lease = undefined;
    if (held !== undefined) await store.releaseLease(held).catch(() => undefined);
  }

  /** The step happens inside the store's transaction, on the newest record, so that no other process's word is lost. */
  async function save(
    event: LifecycleEvent,
    held: Lease,
  ): Promise<readonly [Lifecycle, readonly Effect[]] | undefined> {
    let step = advance(state, event);
    try {
      const saved = await store.update(
        state.record.id,
        (current) => {
          step = advance({ ...state, record: current }, event);
          return step[0].record;
        },
        held,
      );
      return saved === undefined ? undefined : [{ ...step[0], record: saved }, step[1]];
    } catch (error) {
      if (!unsaved) {
        const reason = error instanceof TaskError ? error.message : String(error);
        broadcast.publish({
          kind: 'warning',
          message: `This task is no longer saved: ${reason}`,
          record: state.record,
        });
      }
      unsaved = true;
      return step;
    }
  }

  async function step(event: LifecycleEvent): Promise<void> {
    if (lease === undefined || abort.signal.aborted) return;
    if (event.type === 'call-lost') lost = event.failure;
    const saved = await save(event, lease);
    if (saved === undefined) {
      await release(); // another process took over, or the record was forgotten: nothing of ours is written
      return;
    }
    const { record } = state;
    state = { ...saved[0], record };
    accept(saved[0].record);
    for (const effect of saved[1]) {
      if (effect.type === 'wake') wakeAt(effect.at);
      else void perform(effect, follower, around);
    }
    if (state.record.phase === 'intent' && lost !== null) await release();
  }

  function wakeAt(at: number): void {
    cancelTimer();
    cancelTimer = clock.schedule(Math.max(0, at - clock.now()), () => void dispatch({ type: 'time-passed' }));
  }

  const dispatch: Dispatch = (event) => {
    const run = queue.then(() => step({ ...event, now: clock.now(), chance: clock.random() } as LifecycleEvent));
    queue = run.catch(() => undefined);
    return run;
  };

  async function lead(now: number): Promise<void> {
    const taken = await store.acquireLease(state.record.id, owner, now, LEASE_MS).catch(() => undefined);
    leaseAt = now;
    const began = lease === undefined && taken !== undefined;
    lease = taken;
    if (!began) return;
    const current = await store.read(state.record.id);
    if (current === undefined) return follower.removed();
    state = createLifecycle(current, options);
    accept(current);
    const orphan =
      current.taskId === null && Object.keys(current.inputRequests).some((key) => key.startsWith(STREAM_KEY));
    if (orphan) {
      const message = 'The connection on which the server asked is gone; the call may have run';
      await dispatch({ type: 'call-lost', failure: { kind: 'transport', message } });
    } else await dispatch({ type: 'time-passed' });
  }

  const follower: Follower = {
    get record() {
      return state.record;
    },
    get leading() {
      return lease !== undefined;
    },
    get lost() {
      return lost;
    },
    get condition(): Outcome | null {
      if (gone) return { status: 'unknown', error: { code: -32603, message: 'The record was forgotten' } };
      if (state.halted !== null) return state.halted;
      if (state.record.phase === 'intent' && lost !== null) return { status: 'unknown' };
      if (state.failures < around.maxFailures) return null;
      return {
        status: 'unreachable',
        error: { code: -32603, message: state.record.trouble ?? 'The server does not answer' },
      };
    },
    signal: abort.signal,
    broadcast,
    dispatch,
    async tick(now) {
      if (state.record.phase === 'settled' || abort.signal.aborted || gone) return;
      if (now - leaseAt >= (lease === undefined ? TAKE_OVER_MS : RENEW_MS) && lost === null) await lead(now);
    },
    async recordChanged(record) {
      if (lease === undefined) accept(record);
      else if (JSON.stringify(record) !== JSON.stringify(state.record)) await dispatch({ type: 'time-passed' });
    },
    removed() {
      gone = true;
      void release();
      for (const listener of listeners) listener();
      broadcast.end();
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async stop() {
      await queue;
      abort.abort();
      broadcast.end();
      for (const listener of listeners) listener();
      await release();
    },
  };
  return follower;
}
