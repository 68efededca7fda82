import { TaskError } from '../errors.ts';
import { advance, type Effect, type Lifecycle, type LifecycleEvent, note } from '../machine/lifecycle.ts';
import { pendingAnswers } from '../machine/questions.ts';
import type { Lease, TaskStore } from '../store/task-store.ts';
import { own, withEntries } from '../task/own.ts';
import type { TaskRecord } from '../task/record.ts';

export type Step = readonly [Lifecycle, readonly Effect[]];

/** Takes the steps of one task inside the store's transactions, on the newest record, so that no word of another process is lost. */
export interface StepWriter {
  /** Undefined: the lease is not ours any more, or the record was forgotten. Nothing was written. */
  step(state: Lifecycle, event: LifecycleEvent, lease: Lease): Promise<Step | undefined>;
  /** What the server said to us alone, written down without a lease. Undefined: the record was forgotten. */
  witness(state: Lifecycle, event: LifecycleEvent): Promise<TaskRecord | undefined>;
}

/** What could not be saved, with what others gave the record meanwhile: their answers, and their wish to cancel. */
function catchUp(ours: TaskRecord, stored: TaskRecord): TaskRecord {
  if (stored.phase === 'settled') return stored;
  const given = Object.entries(pendingAnswers(stored.ledger)).filter(([key, { digest }]) => {
    const entry = own(ours.ledger, key);
    return entry?.state === 'open' && entry.digest === digest;
  });
  const cancelRequestedAt = ours.cancelRequestedAt ?? stored.cancelRequestedAt;
  return { ...ours, cancelRequestedAt, ledger: withEntries(ours.ledger, given) };
}

/** A store in trouble ends nothing: the step is taken in memory, `onUnsaved` is told once, and what can be saved again is. */
export function createStepWriter(store: TaskStore, onUnsaved: (reason: string) => void): StepWriter {
  let unsaved = false;
  /** The record as it should stand in the store, since a step that could not be saved. */
  let ahead: TaskRecord | undefined;

  function tell(error: unknown): void {
    if (!unsaved) onUnsaved(error instanceof TaskError ? error.message : String(error));
    unsaved = true;
  }

  return {
    async step(state, event, lease) {
      let step: Step | undefined;
      const take = (record: TaskRecord): TaskRecord => {
        step = advance({ ...state, record: ahead === undefined ? record : catchUp(ahead, record) }, event);
        return step[0].record;
      };
      try {
        const saved = await store.update(state.record.id, take, lease);
        ahead = undefined;
        return saved === undefined || step === undefined ? undefined : [{ ...step[0], record: saved }, step[1]];
      } catch (error) {
        tell(error);
        step ??= advance(state, event);
        ahead = step[0].record;
        return step;
      }
    },
    async witness(state, event) {
      try {
        return await store.update(state.record.id, (record) => note({ ...state, record }, event));
      } catch (error) {
        tell(error);
        return note(state, event);
      }
    },
  };
}
