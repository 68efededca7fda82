import type { Lifecycle } from '../machine/lifecycle.ts';
import { isSteady, type PollTimes, timesOf, withTimes } from '../machine/quiet-poll.ts';
import type { Claim, Lease } from '../store/task-store.ts';
import type { TaskRecord } from '../task/record.ts';
import { isSameJson } from '../task/same-json.ts';
import { type TaskChange, updatesBetween } from '../task/updates.ts';
import { type Broadcast, createBroadcast } from './broadcast.ts';
import { LazyAbort } from './lazy-abort.ts';
import { enterMode, type Mode } from './task-mode.ts';

export interface TaskViewOptions {
  /** Never drives the task: it only watches. */
  readonly observe: boolean;
  onMode(): void;
  giveBack(lease: Lease): Promise<void>;
}

const NEW: Mode = { kind: 'idle', why: 'new' };
const WATCHING: Mode = { kind: 'watching' };
const FOLLOWING: Mode = { kind: 'following' };
const SETTLED: Mode = { kind: 'idle', why: 'settled' };

/** What this process knows of one task, what it is to it, and who is told of changes. */
export class TaskView {
  /** Aborts when the task is no longer followed here. */
  readonly life = new LazyAbort();
  readonly broadcast: Broadcast<TaskChange> = createBroadcast<TaskChange>();
  /** Aborts when the lease that is held now ends. */
  lease = new LazyAbort();
  #mode: Mode = NEW;
  #state: Lifecycle;
  #times: PollTimes | undefined;
  /** The times are newer than the state. */
  #isAhead = false;
  #isSteady: boolean | undefined;
  #onChange: Set<() => void> | undefined;
  #onPoll: Set<() => void> | undefined;
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

  /** The state, whose instants may be those of an earlier poll. */
  get known(): Lifecycle {
    return this.#state;
  }

  /** The instants to move in place, while nothing is going on but polling; else undefined. */
  get times(): PollTimes | undefined {
    if (this.#isSteady === undefined) {
      this.#isSteady = isSteady(this.#state);
      if (this.#isSteady) this.#times = timesOf(this.#state);
    }
    return this.#isSteady ? this.#times : undefined;
  }

  /** The times were moved. */
  movedTimes(): void {
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

  /** What this worker is to the task when it does not lead it. */
  apart(): Mode {
    return this.#options.observe ? WATCHING : FOLLOWING;
  }

  enter(next: Mode): void {
    const wasLeading = this.mode.kind === 'leading';
    this.#mode = enterMode(this.#mode, next);
    if (wasLeading) this.lease.abort();
    if (this.mode.kind === 'leading' && this.lease.isAborted) this.lease = new LazyAbort();
    this.#options.onMode();
  }

  /** As `enter`, and gives the lease back when one is held. */
  async leave(next: Mode): Promise<void> {
    const held = this.mode.kind === 'leading' ? this.mode.lease : undefined;
    this.enter(next);
    if (held !== undefined) await this.#options.giveBack(held);
  }

  /** Enters the lease, with the state to begin with; its record is news where another process wrote it. */
  lead({ record, lease }: Claim, fresh: Lifecycle): void {
    const former = this.state.record;
    this.state = { ...fresh, record: former };
    this.enter({ kind: 'leading', lease });
    if (isSameJson(record, former)) this.state = { ...this.state, record };
    else this.accept(record);
    this.tell(); // a call waits for its lease
  }

  /** The lease may be another's by now. */
  lapse(): void {
    if (this.mode.kind === 'leading') this.enter(this.apart());
    this.tell();
  }

  /** The record was deleted. */
  forget(): void {
    this.enter({ kind: 'gone' });
    this.tell();
    this.broadcast.end();
  }

  /** Takes the record as another process has written it. What failed here is over once the server answers there. */
  acceptOfOther(record: TaskRecord | undefined): void {
    if (record === undefined || isSameJson(record, this.state.record)) {
      if (record === undefined) this.forget();
      return;
    }
    if (record.contact === undefined && this.state.failures > 0) this.state = { ...this.state, failures: 0 };
    this.accept(record);
  }

  /** Takes the record as it is now, and tells what changed. */
  accept(record: TaskRecord): void {
    const before = this.state.record;
    if (record === before) return;
    this.state = { ...this.state, record };
    if (this.isCallLost && record.phase !== 'intent' && !this.life.isAborted) this.enter(this.apart());
    if (this.broadcast.isHeard) for (const update of updatesBetween(before, record)) this.broadcast.publish(update);
    this.tell();
    const { mode } = this;
    const isOver = mode.kind === 'gone' || this.life.isAborted || (mode.kind === 'idle' && mode.why === 'settled');
    if (record.phase === 'settled' && !isOver) void this.leave(SETTLED);
  }

  warn(message: string): void {
    this.broadcast.publish({ kind: 'warning', message, record: this.state.record });
  }

  tell(): void {
    if (this.#onChange !== undefined) for (const listener of [...this.#onChange]) listener();
    this.tellPoll();
  }

  tellPoll(): void {
    if (this.#onPoll !== undefined) for (const listener of [...this.#onPoll]) listener();
  }

  /** Told of every change but that of a poll without news. */
  onChange(listener: () => void): () => void {
    this.#onChange ??= new Set();
    const all = this.#onChange.add(listener);
    return () => all.delete(listener);
  }

  /** Told of every change, and of every poll. */
  onPoll(listener: () => void): () => void {
    this.#onPoll ??= new Set();
    const all = this.#onPoll.add(listener);
    return () => all.delete(listener);
  }
}
