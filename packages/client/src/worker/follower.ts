import type { Failure } from '../connect/connection.ts';
import { createLifecycle, type Lifecycle, type LifecycleEvent, note, takeUp } from '../machine/lifecycle.ts';
import { isResting, pollDueAt, renewLifecycle, stopOf } from '../machine/lifecycle-state.ts';
import type { TaskDialect } from '../protocol/dialect.ts';
import type { Lease } from '../store/task-store.ts';
import { dueAt, type TaskRecord } from '../task/record.ts';
import type { Outcome } from '../task/task.ts';
import { type TaskChange, updatesBetween } from '../task/updates.ts';
import { conditionOf } from './blocked-reason.ts';
import { type Broadcast, createBroadcast } from './broadcast.ts';
import type { ClientContext } from './client-context.ts';
import type { Perform } from './perform.ts';
import { schedulerOf } from './scheduler.ts';
import { createStepWriter } from './step-writer.ts';

/** Long enough for a busy process to renew in time, short enough that a dead one is soon replaced. */
const LEASE_MS = 10_000;
const RENEW_MS = 3_000;
const TAKE_OVER_MS = 1_000;
/** A poll this late was slept through. */
const LATE_MS = 1_000;

type Unstamped<Event> = Event extends LifecycleEvent ? Omit<Event, 'now' | 'chance'> : never;
export interface DispatchOptions {
  /** What the server said to us alone: written down even when another process drives the task by now. @default false */
  readonly fact?: boolean;
}
export type Dispatch = (event: Unstamped<LifecycleEvent>, options?: DispatchOptions) => Promise<void>;

/** One task in this process: driven here while we hold its lease, followed through its record while another does. */
export interface Follower {
  readonly record: TaskRecord;
  /** How its server is spoken to about it. */
  readonly dialect: TaskDialect;
  readonly broadcast: Broadcast<TaskChange>;
  readonly leading: boolean;
  /** When it was taken up here: what the server said before may be over by now. */
  readonly since: number;
  /** Set when the answer to our call never came: it may have run. */
  readonly lost: Failure | null;
  /** The record was forgotten, here or by another process. */
  readonly gone: boolean;
  /** Consecutive failures of what was asked about it here. */
  readonly failures: number;
  /** Why waiting makes no sense for now. */
  readonly condition: Outcome | null;
  /** Aborts when the task is no longer followed here. */
  readonly signal: AbortSignal;
  /** Aborts when the lease that is held now ends: what only the driver of a task may have open ends with it. */
  readonly reign: AbortSignal;
  dispatch: Dispatch;
  /** Looks for what other processes wrote, keeps or takes the lease. */
  tick(now: number): Promise<void>;
  recordChanged(record: TaskRecord): Promise<void>;
  removed(): void;
  onChange(listener: () => void): () => void;
  stop(): Promise<void>;
}

export interface FollowerOptions {
  /** The call of this record is made here; without it, a record whose call has no answer is one that was abandoned. */
  readonly calling?: boolean;
  /** @default that of new calls */
  readonly dialect?: TaskDialect | undefined;
}

export function createFollower(
  first: TaskRecord,
  around: ClientContext,
  perform: Perform,
  { calling = false, dialect = around.dialect }: FollowerOptions = {},
): Follower {
  const { store, clock, owner, observe } = around;
  const scheduler = schedulerOf(clock);
  const broadcast = createBroadcast<TaskChange>();
  const listeners = new Set<() => void>();
  const life = new AbortController();
  const options = { traits: dialect.traits, minPollIntervalMs: around.minPollIntervalMs, handsOff: observe };
  const writer = createStepWriter(store, (reason) => {
    broadcast.publish({ kind: 'warning', message: `This task is no longer saved: ${reason}`, record: state.record });
  });
  const since = clock.now();
  let state: Lifecycle = createLifecycle(first, options);
  let lease: Lease | undefined;
  let reign = new AbortController();
  let lost: Failure | null = null;
  let gone = false;
  let leaseAt = 0;
  let queue: Promise<void> = Promise.resolve();

  const tell = (): void => [...listeners].forEach((listener) => void listener());

  function accept(record: TaskRecord): void {
    const before = state.record;
    state = { ...state, record };
    if (record.phase !== 'intent') lost = null;
    for (const update of updatesBetween(before, record)) broadcast.publish(update);
    tell();
    if (record.phase === 'settled') void release();
  }

  async function release(): Promise<void> {
    scheduler.delete(wake);
    const held = lease;
    lease = undefined;
    reign.abort();
    if (held !== undefined) await store.releaseLease(held).catch(() => undefined);
  }

  /** One who only watches holds the lease for as long as a request of its own takes, and leaves it to others between. */
  async function handBack(): Promise<void> {
    if (observe && isResting(state)) await release();
  }

  async function step(event: LifecycleEvent, { fact = false }: DispatchOptions): Promise<void> {
    if (observe && lease === undefined && event.type === 'task-observed') await take(event.now);
    const held = life.signal.aborted ? undefined : lease;
    if (held === undefined && event.type === 'taken-up') state = takeUp(state);
    if (held === undefined && !fact) return;
    if (event.type === 'call-lost') lost = event.failure;
    const saved = held === undefined ? undefined : await writer.step(state, event, held);
    if (saved === undefined) {
      await release(); // another process took over, or the record was forgotten: nothing of ours drives it now
      // Of a record that was forgotten it still is what the server said, to whoever waits for it here.
      if (fact) accept((await writer.witness(state, event)) ?? note(state, event));
      return;
    }
    const [next, effects] = saved;
    state = { ...next, record: state.record };
    accept(next.record);
    for (const effect of effects) {
      if (effect.type === 'wake') {
        if (!observe) scheduler.set(wake, effect.at);
      } else void perform(effect, follower, around);
    }
    if (state.record.phase === 'intent' && lost !== null) await release();
    await handBack();
  }

  const wake = (): void => void dispatch({ type: 'time-passed' });

  const dispatch: Dispatch = (event, dispatchOptions = {}) => {
    const stamp = (): LifecycleEvent => ({ ...event, now: clock.now(), chance: clock.random() }) as LifecycleEvent;
    const run = queue.then(() => step(stamp(), dispatchOptions));
    queue = run.catch(() => undefined);
    return run;
  };

  /** Takes the lease, or renews it. True when it was taken anew and the record is still there. */
  async function take(now: number): Promise<boolean> {
    // A store in trouble takes nothing away from us: who drives the task goes on.
    const taken = await store.acquireLease(state.record.id, owner, now, LEASE_MS).catch(() => lease);
    leaseAt = now;
    if (lease !== undefined && taken === undefined) await release();
    const began = lease === undefined && taken !== undefined;
    lease = taken;
    if (!began) return false;
    const current = await store.read(state.record.id).catch(() => null);
    if (current === undefined) follower.removed();
    // What cannot be read cannot be driven either: another look tells more.
    else if (current === null) await release();
    if (!current) return false;
    reign = new AbortController();
    const fresh = renewLifecycle(createLifecycle(current, options), state, observe);
    state = { ...fresh, record: state.record };
    accept(current);
    return true;
  }

  async function lead(now: number): Promise<void> {
    if (!(await take(now))) return;
    const { record } = state;
    const orphan = dialect.traits.questions === 'requested' && record.taskId === null && record.phase === 'asking';
    const abandoned = record.phase === 'intent' && !calling;
    if (!orphan && !abandoned) return dispatch({ type: 'time-passed' });
    const whose = orphan ? 'The connection on which the server asked' : 'The process that made the call';
    // Prefer the recorded failure to the generic message.
    const known = record.phase === 'intent' ? record.trouble : undefined;
    const message = known ?? `${whose} is gone; the call may have run`;
    lost = { kind: 'transport', message };
    if (!observe) return dispatch({ type: 'call-lost', failure: { ...lost, verdict: 'retry' } });
    tell();
    await release();
  }

  function isDue(now: number): boolean {
    if (!observe) return Math.abs(now - leaseAt) >= (lease === undefined ? TAKE_OVER_MS : RENEW_MS);
    if (lease !== undefined || stopOf(state) !== null) return false;
    const { record } = state;
    return now < leaseAt || now >= (record.taskId === null ? leaseAt + TAKE_OVER_MS : dueAt(record, now));
  }

  const follower: Follower = {
    since,
    dialect,
    broadcast,
    dispatch,
    get record() {
      return state.record;
    },
    get leading() {
      return lease !== undefined;
    },
    get lost() {
      return lost;
    },
    get gone() {
      return gone;
    },
    get failures() {
      return state.failures;
    },
    get condition() {
      return conditionOf({ ...state, gone, lost }, around.maxFailures);
    },
    signal: life.signal,
    get reign() {
      return reign.signal;
    },
    async tick(now) {
      if (state.record.phase === 'settled' || life.signal.aborted || gone || lost !== null) return;
      if (isDue(now)) await lead(now);
      // Timers stand still while a machine sleeps, and would still have the rest of their time to run on waking.
      const isLate = now - (pollDueAt(state) ?? now) > LATE_MS;
      if (lease !== undefined && isLate) await dispatch({ type: 'time-passed' });
    },
    async recordChanged(record) {
      if (lease === undefined) accept(record);
      else if (JSON.stringify(record) !== JSON.stringify(state.record)) await dispatch({ type: 'time-passed' });
    },
    removed() {
      gone = true;
      void release();
      tell();
      broadcast.end();
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async stop() {
      await queue;
      life.abort();
      broadcast.end();
      tell();
      await release();
    },
  };
  return follower;
}
