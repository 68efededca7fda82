import type { Failure } from '../connect/connection.ts';
import { advance, type Effect, type LifecycleEvent, note, resume } from '../machine/lifecycle.ts';
import { isResting } from '../machine/lifecycle-state.ts';
import type { Lease } from '../store/task-store.ts';
import type { TaskRecord } from '../task/record.ts';
import type { ClientContext } from './client-context.ts';
import type { StepOptions } from './followed-task.ts';
import { createLeaselessWrites, type LeaselessWrites } from './leaseless-writes.ts';
import { withOwedEnd } from './owed-end.ts';
import { isEnd, isSameRecord, isScheduleOnly, withSchedule } from './schedule.ts';
import type { Member } from './store-member.ts';
import type { Mode } from './task-mode.ts';
import type { TaskView } from './task-view.ts';
import { Abandoned } from './write-batch.ts';

type Step = ReturnType<typeof advance>;

/** The task that the steps belong to. */
export interface SteppingTask extends Member {
  /** Performs an effect of a step. */
  run(effect: Effect): Promise<void>;
  /** Schedules the next wake-up of the task. */
  wakeAt(at: number): void;
  /** Reads the task's state from the stored record; shows `saved` if the store fails. */
  reread(saved?: TaskRecord): Promise<void>;
}

/**
 * Runs the steps of one task. A step that changes only the schedule stays in memory. Any other runs on the newest
 * record inside the store's transaction, and is durable before callers see it and before anything is sent.
 */
export class Steps {
  readonly #view: TaskView;
  readonly #around: ClientContext;
  readonly #task: SteppingTask;
  #leaselessWrites: LeaselessWrites | undefined;
  /** Requests in flight that survive the loss of the lease: answers, cancels, calls. */
  #sent: Set<Promise<void>> | undefined;
  /** The record has changed in memory, and is not saved. */
  #isBehind = false;
  #isUnsaved = false;
  #heldBack: TaskRecord | undefined;

  constructor(view: TaskView, around: ClientContext, task: SteppingTask) {
    this.#view = view;
    this.#around = around;
    this.#task = task;
  }

  step(event: LifecycleEvent, { saveWithoutLease = false, sync = false }: StepOptions): void | Promise<void> {
    const { mode, state } = this.#view;
    const { worker, observe } = this.#around;
    if (mode.kind !== 'leading' || !worker.isCertain(mode.lease)) return this.#stepUnleased(event, saveWithoutLease);
    if (!sync && !observe && !isEnd(event)) {
      const next = advance(state, event);
      if (isScheduleOnly(state.record, next[0].record)) return this.#stepInMemory(next, event);
    }
    return this.#save(event, saveWithoutLease, mode.lease);
  }

  /** The stored record is behind memory. */
  get isBehind(): boolean {
    return this.#isBehind;
  }

  /** The schedule changed in memory. */
  fellBehind(): void {
    if (this.#isBehind) return;
    this.#isBehind = true;
    this.#around.worker.reviewAt(this.#task, 'later');
  }

  /** The record is saved. */
  caughtUp(): void {
    this.#isBehind = false;
  }

  /** Saves the schedule if it is only in memory and the store works, then gives the lease back. */
  async handOver(next: () => Mode): Promise<void> {
    const view = this.#view;
    const { worker } = this.#around;
    const { mode } = view;
    if (mode.kind === 'leading' && this.#isBehind && worker.isCertain(mode.lease)) {
      const { record } = view.state;
      const change = (stored: TaskRecord): TaskRecord => withSchedule(stored, record);
      await new Promise<unknown>((resolve) => {
        const onTrouble = (reason: string): void => resolve(this.warnUnsaved(reason));
        worker.write({ id: record.id, lease: mode.lease, change, onTrouble }).then(resolve, resolve);
      });
    }
    const given = view.leave(next());
    view.notify();
    await given;
  }

  /** Resolves when the answers, cancels and calls in flight have ended; undefined if there are none. */
  requestsInFlight(): Promise<unknown> | undefined {
    return this.#sent === undefined || this.#sent.size === 0 ? undefined : Promise.all(this.#sent);
  }

  /** Warns once that the store fails. */
  warnUnsaved(reason: string): void {
    if (!this.#isUnsaved) this.#view.warn(`This task is not saved for now: ${reason}`);
    this.#isUnsaved = true;
  }

  get isUnsaved(): boolean {
    return this.#isUnsaved;
  }

  /** See `Follower.heldBack`. */
  get heldBack(): TaskRecord | undefined {
    return this.#view.known.record.phase === 'intent' ? this.#heldBack : undefined;
  }

  stop(): void {
    this.#leaselessWrites?.stop();
  }

  #owe(before: TaskRecord, after: TaskRecord): TaskRecord {
    return this.#around.owesEnds ? withOwedEnd(before, after) : after;
  }

  #stepInMemory([next, effects]: Step, event: LifecycleEvent): void {
    const view = this.#view;
    const { record } = view.state;
    const hasMoved = next.record !== record;
    const isProgress = next.record.progress !== record.progress;
    view.state = isProgress ? { ...next, record } : next;
    if (hasMoved) this.fellBehind();
    if (isProgress) this.#around.worker.reviewAt(this.#task, 'soon');
    if (isProgress) view.accept(next.record);
    else if (hasMoved) view.notify();
    for (const effect of effects) this.#start(effect);
    if (event.type === 'call-lost') this.#loseCall(event.failure);
  }

  async #save(event: LifecycleEvent, saveWithoutLease: boolean, held: Lease): Promise<void> {
    const view = this.#view;
    const { worker, observe } = this.#around;
    let stepped: Step | undefined;
    let isPublished = false;
    const change = (stored: TaskRecord): TaskRecord => {
      const [next, effects] = advance({ ...view.state, record: withSchedule(stored, view.state.record) }, event);
      const record = this.#owe(stored, next.record);
      stepped = [{ ...next, record }, effects];
      // An observer saves the schedule with each poll: the next poll may be another process's.
      const isBehind = observe || this.#isBehind;
      const isUnchanged = isBehind ? isSameRecord(stored, record) : isScheduleOnly(stored, record);
      return isUnchanged ? stored : record;
    };
    /** An event that only this process received is published at once, saved or not. */
    const onTrouble = (reason: string): void => {
      this.warnUnsaved(reason);
      if (saveWithoutLease && !isPublished) this.#acceptUnsaved(event);
      isPublished = true;
    };
    try {
      const saved = await worker.write({ id: held.id, lease: held, change, onTrouble });
      if (saved === undefined || stepped === undefined) return await this.#loseLease(event, saveWithoutLease, held);
      this.#isUnsaved = false;
      this.caughtUp();
      this.#apply(stepped, event, held);
    } catch (error) {
      if (error instanceof Abandoned) return this.#stepUnleased(event, saveWithoutLease);
      const reason = error instanceof Error ? error.message : String(error);
      view.warn(`This task is not saved: ${reason}`);
      if (saveWithoutLease) view.accept(note(view.state, event));
      if (view.isHeld(held)) await view.leave({ kind: 'idle', why: 'refused', reason });
      view.notify();
    }
  }

  #apply([next, effects]: Step, event: LifecycleEvent, held: Lease): void {
    const view = this.#view;
    view.state = { ...next, record: view.state.record };
    view.accept(next.record);
    if (!view.isHeld(held)) return; // the lease ended meanwhile: the write stands, and nothing is sent
    for (const effect of effects) this.#start(effect);
    if (event.type === 'call-lost') this.#loseCall(event.failure);
    if (this.#around.observe && isResting(view.state) && view.isHeld(held)) void view.leave({ kind: 'watching' });
  }

  #start(effect: Effect): void {
    if (effect.type === 'wake') {
      if (!this.#around.observe) this.#task.wakeAt(effect.at);
      return;
    }
    const done = this.#task.run(effect);
    if (effect.type === 'poll' || effect.type === 'open-result') return;
    this.#sent ??= new Set();
    const sent = this.#sent.add(done);
    void done.finally(() => sent.delete(done));
  }

  /** Records the call as lost: its response will never arrive. */
  #loseCall(failure: Failure): void {
    const view = this.#view;
    if (view.known.record.phase !== 'intent' || view.mode.kind === 'deleted') return;
    void view.leave({ kind: 'idle', why: 'call-lost', failure });
    view.notify();
  }

  /** Another worker took over, or the record was deleted. */
  async #loseLease(event: LifecycleEvent, saveWithoutLease: boolean, held: Lease): Promise<void> {
    const view = this.#view;
    if (view.isHeld(held)) view.enter(view.modeWithoutLease());
    if (saveWithoutLease) return this.#stepUnleased(event, saveWithoutLease);
    await this.#task.reread();
  }

  /** Without the lease nothing is driven: saves only an event that no other process received. */
  async #stepUnleased(event: LifecycleEvent, saveWithoutLease: boolean): Promise<void> {
    const view = this.#view;
    if (event.type === 'resumed' || event.type === 'reconnected') view.state = resume(view.state);
    if (!saveWithoutLease) return;
    this.#leaselessWrites ??= this.#createLeaselessWrites();
    const before = view.state.record;
    const saved = await this.#leaselessWrites.write(view.state, event);
    if (saved === undefined) this.#acceptUnsaved(event);
    else if (view.known.record === before) view.accept(saved);
    else await this.#showStored(saved);
    if (event.type === 'call-lost') this.#loseCall(event.failure);
  }

  #createLeaselessWrites(): LeaselessWrites {
    const { store, clock } = this.#around;
    return createLeaselessWrites({
      store: { update: (id, change) => store.update(id, (record) => this.#owe(record, change(record))) },
      clock,
      onTrouble: (reason) => this.warnUnsaved(reason),
      onSaved: () => void this.#showStored(),
    });
  }

  /** The record changed here during the write: the written one may be older than the one shown. */
  async #showStored(saved?: TaskRecord): Promise<void> {
    if (this.#view.mode.kind === 'leading') this.#task.sync();
    else await this.#task.reread(saved);
  }

  /** The store did not save the event: publish it, unless that would give a caller the id of an unsaved task. */
  #acceptUnsaved(event: LifecycleEvent): void {
    const view = this.#view;
    const record = note(view.state, event);
    const isHandedOver = event.type === 'task-observed' || event.type === 'call-asked';
    if (isHandedOver && view.state.record.phase === 'intent') this.#heldBack = record;
    else view.accept(record);
  }
}
