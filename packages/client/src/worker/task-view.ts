import type { Lifecycle } from '../machine/lifecycle.ts';
import { isSteady, type PollTimes, timesOf, withTimes } from '../machine/quiet-poll.ts';
import type { Claim, Lease } from '../store/task-store.ts';
import type { TaskRecord } from '../task/record.ts';
import { isSameJson } from '../task/same-json.ts';
import { type TaskChange, updatesBetween } from '../task/updates.ts';
import { type Broadcast, createBroadcast } from './broadcast.ts';
import { LazyAbort } from './lazy-abort.ts';
import { Listeners } from './listeners.ts';
import { withSchedule } from './schedule.ts';
import { enterMode, type Mode } from './task-mode.ts';

export interface TaskViewOptions {
  /** Never drives the task: an observer. */
  readonly observe: boolean;
  onMode(): void;
  giveBack(lease: Lease): Promise<void>;
}

const NEW: Mode = { kind: 'idle', why: 'new' };
const WATCHING: Mode = { kind: 'watching' };
const FOLLOWING: Mode = { kind: 'following' };
const SETTLED: Mode = { kind: 'idle', why: 'settled' };

/** The state of one task in this process, its mode, and its listeners. */
export class TaskView {
  /** Aborts when the task is no longer followed here. */
  readonly life = new LazyAbort();
  readonly broadcast: Broadcast<TaskChange> = createBroadcast<TaskChange>();
  /** Aborts when the current lease ends. */
  lease = new LazyAbort();
  #mode: Mode = NEW;
  #state: Lifecycle;
  #times: PollTimes | undefined;
  /** The poll times are newer than the state. */
  #isAhead = false;
  #isSteady: boolean | undefined;
  readonly #onChange = new Listeners();
  readonly #onPoll = new Listeners();
  readonly #options: TaskViewOptions;

  constructor(first: Lifecycle, options: TaskViewOptions) {
    this.#state = first;
    this.#options = options;
  }

  get state(): Lifecycle {
    if (this.#isAhead && this.#times !== undefined) {
      this.#state = withTimes(this.#state, this.#times);
      this.#times.isAhead = false;
      this.#isAhead = false;
    }
    return this.#state;
  }

  set state(next: Lifecycle) {
    this.#state = next;
    this.#isSteady = undefined;
    this.#isAhead = false;
  }

  /** The state; its poll times may be outdated. */
  get known(): Lifecycle {
    return this.#state;
  }

  /** The poll times, updated in place while the task is steady; else undefined. */
  get times(): PollTimes | undefined {
    if (this.#isSteady === undefined) {
      this.#isSteady = isSteady(this.#state);
      if (this.#isSteady) this.#times = timesOf(this.#state);
    }
    return this.#isSteady ? this.#times : undefined;
  }

  /** Marks the poll times as updated. */
  markTimesMoved(): void {
    this.#isAhead = true;
  }

  get mode(): Mode {
    return this.#mode;
  }

  get isCallLost(): boolean {
    return this.mode.kind === 'idle' && this.mode.why === 'call-lost';
  }

  isHeld(lease: Lease): boolean {
    return this.mode.kind === 'leading' && this.mode.lease === lease;
  }

  /** The mode of the task while this worker does not lead it. */
  modeWithoutLease(): Mode {
    return this.#options.observe ? WATCHING : FOLLOWING;
  }

  enter(next: Mode): void {
    const wasLeading = this.mode.kind === 'leading';
    this.#mode = enterMode(this.#mode, next);
    if (wasLeading) this.lease.abort();
    if (this.mode.kind === 'leading' && this.lease.isAborted) this.lease = new LazyAbort();
    this.#options.onMode();
  }

  /** As `enter`, and gives the lease back if one is held. */
  async leave(next: Mode): Promise<void> {
    const held = this.mode.kind === 'leading' ? this.mode.lease : undefined;
    this.enter(next);
    if (held !== undefined) await this.#options.giveBack(held);
  }

  /**
   * Begins to lead with this state. Returns true if the claimed record differs from the one in memory: either may be
   * newer, so the first step runs on the stored record.
   */
  lead({ record, lease }: Claim, fresh: Lifecycle): boolean {
    const former = this.state.record;
    const isSame = isSameJson(record, former);
    this.state = { ...fresh, record: isSame ? record : former };
    this.enter({ kind: 'leading', lease });
    if (!isSame) this.accept(withSchedule(former, record));
    this.notify(); // a call waits for its lease
    return !isSame;
  }

  /** The lease is in doubt: another owner may hold it. */
  lapse(): void {
    if (this.mode.kind === 'leading') this.enter(this.modeWithoutLease());
    this.notify();
  }

  /** The record was deleted. */
  forget(): void {
    this.enter({ kind: 'deleted' });
    this.notify();
    this.broadcast.end();
  }

  /** Sets the record that another process wrote. Failures here reset once the server responds there. */
  acceptOfOther(record: TaskRecord | undefined): void {
    if (record === undefined || isSameJson(record, this.state.record)) {
      if (record === undefined) this.forget();
      return;
    }
    if (record.contact === undefined && this.state.failures > 0) this.state = { ...this.state, failures: 0 };
    this.accept(record);
  }

  /** Sets the record, and publishes its changes. */
  accept(record: TaskRecord): void {
    const before = this.state.record;
    if (record === before) return;
    this.state = { ...this.state, record };
    if (this.isCallLost && record.phase !== 'intent' && !this.life.isAborted) this.enter(this.modeWithoutLease());
    if (this.broadcast.hasReaders) for (const update of updatesBetween(before, record)) this.broadcast.publish(update);
    this.notify();
    const { mode } = this;
    const isOver = mode.kind === 'deleted' || this.life.isAborted || (mode.kind === 'idle' && mode.why === 'settled');
    if (record.phase === 'settled' && !isOver) void this.leave(SETTLED);
  }

  warn(message: string): void {
    this.broadcast.publish({ kind: 'warning', message, record: this.state.record });
  }

  notify(): void {
    this.#onChange.notify();
    this.notifyPoll();
  }

  notifyPoll(): void {
    this.#onPoll.notify();
  }

  /** Called on every change, except polls without news. */
  onChange(listener: () => void): () => void {
    return this.#onChange.add(listener);
  }

  /** Called on every change and every poll. */
  onPoll(listener: () => void): () => void {
    return this.#onPoll.add(listener);
  }
}
