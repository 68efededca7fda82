import { monotonicNow } from '../clock.ts';
import type { Failure } from '../connect/connection.ts';
import { advance, type Effect, type LifecycleEvent, note, takeUp } from '../machine/lifecycle.ts';
import { isResting } from '../machine/lifecycle-state.ts';
import type { Lease } from '../store/task-store.ts';
import type { TaskRecord } from '../task/record.ts';
import type { ClientContext } from './client-context.ts';
import { withOwedEnd } from './owed-end.ts';
import { isSameRecord, isScheduleOnly, withSchedule } from './schedule.ts';
import type { Mode } from './task-mode.ts';
import type { TaskView } from './task-view.ts';
import { createUnwrittenFacts } from './unwritten-facts.ts';
import { Abandoned } from './write-batch.ts';

export interface StepOptions {
  /** What the server said to this process alone: written also without the lease. @default false */
  readonly fact?: boolean;
  /** Others may have written: the step is taken on the stored record. @default false */
  readonly look?: boolean;
}

type Step = ReturnType<typeof advance>;

/**
 * Takes the steps of one task. A step that changes nothing but the schedule is taken in memory; any other one is taken on
 * the newest record inside the store's transaction, and is durable before anybody is told and before anything is sent.
 */
export interface Steps {
  take(event: LifecycleEvent, how: StepOptions): void | Promise<void>;
  /** How long the stored record has been behind this one, in ms; undefined when it is not. */
  readonly behindMs: number | undefined;
  /** The server reported progress that is not stored yet. */
  readonly hasProgress: boolean;
  /** The record is as it is stored. */
  caughtUp(): void;
  /** Writes the schedule that only memory knows, and gives the lease back. */
  handOver(next: () => Mode): Promise<void>;
  /** The call of this record has no answer, and never will have. */
  loseCall(failure: Failure): void;
  /** What was sent, and stays sent when the lease is lost: answers, cancels, calls. Undefined when nothing is. */
  underway(): Promise<unknown> | undefined;
  /** Says once that the store does not take what is to be written. */
  warnUnsaved(reason: string): void;
  readonly isUnsaved: boolean;
  /** The record with the task that the call has become, which the store has not taken yet. Its caller waits for that. */
  readonly heldBack: TaskRecord | undefined;
  stop(): void;
}

export interface StepsOptions {
  /** Does what a step asks for. */
  run(effect: Effect): Promise<void>;
  /** Wakes the task at an instant. */
  wakeAt(at: number): void;
  /** The lease is gone: the stored record tells what became of the task. */
  reread(): Promise<void>;
  /** The record was written without the lease. */
  look(): void;
}

export function createSteps(view: TaskView, around: ClientContext, { run, wakeAt, reread, look }: StepsOptions): Steps {
  const { clock, worker, observe } = around;
  const { id } = view.state.record;
  const owe = (before: TaskRecord, after: TaskRecord): TaskRecord =>
    around.owesEnds ? withOwedEnd(before, after) : after;
  const facts = createUnwrittenFacts({
    store: { update: (id, change) => around.store.update(id, (record) => owe(record, change(record))) },
    clock,
    onTrouble: warnUnsaved,
    onSaved,
  });
  const sent = new Set<Promise<void>>();
  let behindSince: number | undefined;
  let hasProgress = false;
  let isUnsaved = false;
  let heldBack: TaskRecord | undefined;

  function onSaved(): void {
    if (view.mode.kind === 'leading') look();
    else void reread();
  }

  /** The store has not taken a fact. It is told on all the same, unless it would give a caller a task's id. */
  function acceptUnsaved(event: LifecycleEvent): void {
    const record = note(view.state, event);
    const isHandedOver = event.type === 'task-observed' || event.type === 'call-asked';
    if (isHandedOver && view.state.record.phase === 'intent') heldBack = record;
    else view.accept(record);
  }

  function warnUnsaved(reason: string): void {
    if (!isUnsaved) view.warn(`This task is not saved for now: ${reason}`);
    isUnsaved = true;
  }

  function takeInMemory([next, effects]: Step, event: LifecycleEvent): void {
    const { record } = view.state;
    const hasMoved = next.record !== record;
    const isProgress = next.record.progress !== record.progress;
    view.state = isProgress ? { ...next, record } : next;
    if (hasMoved) behindSince ??= monotonicNow(clock);
    if (isProgress) {
      hasProgress = true;
      view.accept(next.record);
    } else if (hasMoved) view.tell();
    for (const effect of effects) start(effect);
    if (event.type === 'call-lost') loseCall(event.failure);
  }

  async function save(event: LifecycleEvent, fact: boolean, held: Lease): Promise<void> {
    let taken: Step | undefined;
    let isTold = false;
    const change = (stored: TaskRecord): TaskRecord => {
      const [next, effects] = advance({ ...view.state, record: withSchedule(stored, view.state.record) }, event);
      const record = owe(stored, next.record);
      taken = [{ ...next, record }, effects];
      // One who only watches writes the schedule with each poll: the next poll is another's.
      const isBehind = observe || behindSince !== undefined;
      const isUnchanged = isBehind ? isSameRecord(stored, record) : isScheduleOnly(stored, record);
      return isUnchanged ? stored : record;
    };
    /** What only this process was told is told on at once, saved or not. */
    const onTrouble = (reason: string): void => {
      warnUnsaved(reason);
      if (fact && !isTold) acceptUnsaved(event);
      isTold = true;
    };
    try {
      const saved = await worker.write({ id, lease: held, change, onTrouble });
      if (saved === undefined || taken === undefined) return await loseLease(event, fact, held);
      isUnsaved = false;
      behindSince = undefined;
      hasProgress = false;
      apply(taken, event, held);
    } catch (error) {
      if (error instanceof Abandoned) return apart(event, fact);
      const reason = error instanceof Error ? error.message : String(error);
      view.warn(`This task is not saved: ${reason}`);
      if (fact) view.accept(note(view.state, event));
      if (view.isHeld(held)) await view.leave({ kind: 'idle', why: 'refused', reason });
      view.tell();
    }
  }

  function apply([next, effects]: Step, event: LifecycleEvent, held: Lease): void {
    view.state = { ...next, record: view.state.record };
    view.accept(next.record);
    if (!view.isHeld(held)) return; // it ended meanwhile: what was written stands, and nothing is sent
    for (const effect of effects) start(effect);
    if (event.type === 'call-lost') loseCall(event.failure);
    if (observe && isResting(view.state) && view.isHeld(held)) void view.leave({ kind: 'watching' });
  }

  function start(effect: Effect): void {
    if (effect.type === 'wake') {
      if (!observe) wakeAt(effect.at);
      return;
    }
    const done = run(effect);
    if (effect.type === 'poll' || effect.type === 'open-result') return;
    sent.add(done);
    void done.finally(() => sent.delete(done));
  }

  function loseCall(failure: Failure): void {
    if (view.state.record.phase !== 'intent' || view.mode.kind === 'gone') return;
    void view.leave({ kind: 'idle', why: 'call-lost', failure });
    view.tell();
  }

  /** Another worker took over, or the record was forgotten. */
  async function loseLease(event: LifecycleEvent, fact: boolean, held: Lease): Promise<void> {
    if (view.isHeld(held)) view.enter(view.apart());
    if (fact) return apart(event, fact);
    await reread();
  }

  /** Without the lease nothing is driven; what the server said to this process alone is written all the same. */
  async function apart(event: LifecycleEvent, fact: boolean): Promise<void> {
    if (event.type === 'taken-up') view.state = takeUp(view.state);
    if (!fact) return;
    const saved = await facts.write(view.state, event);
    if (saved === undefined) acceptUnsaved(event);
    else view.accept(saved);
    if (event.type === 'call-lost') loseCall(event.failure);
  }

  return {
    take(event, { fact = false, look = false }) {
      const { mode, state } = view;
      if (mode.kind !== 'leading' || !worker.isCertain(mode.lease)) return apart(event, fact);
      if (!look && !observe) {
        const next = advance(state, event);
        if (isScheduleOnly(state.record, next[0].record)) return takeInMemory(next, event);
      }
      return save(event, fact, mode.lease);
    },
    get behindMs() {
      return behindSince === undefined ? undefined : monotonicNow(clock) - behindSince;
    },
    get hasProgress() {
      return hasProgress;
    },
    caughtUp() {
      behindSince = undefined;
      hasProgress = false;
    },
    async handOver(next) {
      const { mode, state } = view;
      if (mode.kind === 'leading' && behindSince !== undefined && worker.isCertain(mode.lease)) {
        const change = (stored: TaskRecord): TaskRecord => withSchedule(stored, state.record);
        await worker.write({ id, lease: mode.lease, change, onTrouble: warnUnsaved }).catch(() => undefined);
      }
      const given = view.leave(next());
      view.tell();
      await given;
    },
    loseCall,
    underway: () => (sent.size === 0 ? undefined : Promise.all(sent)),
    warnUnsaved,
    get isUnsaved() {
      return isUnsaved;
    },
    get heldBack() {
      return view.state.record.phase === 'intent' ? heldBack : undefined;
    },
    stop: facts.stop,
  };
}
