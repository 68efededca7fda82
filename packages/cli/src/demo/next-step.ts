import type { TaskRecord, TaskStore } from '@mcp-tasks/client';
import { stateOf } from './task-record.ts';

/** Limit of the wait for the step that follows an answer, in ms. */
const NEXT_STEP_MS = 1000;

export interface Changes {
  readonly store: Pick<TaskStore, 'read'>;
  onChange(listener: (record: TaskRecord) => void): () => void;
}

/** Resolves once the task has left the step of this record. */
export function nextStep(record: TaskRecord, { store, onChange }: Changes): Promise<void> {
  const { id } = record;
  const { position } = stateOf(record);
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      unsubscribe();
      resolve();
    };
    const onRecord = (each: TaskRecord): void => {
      if (each.id === id && (each.phase === 'settled' || stateOf(each).position > position)) end();
    };
    const timer = setTimeout(end, NEXT_STEP_MS);
    const unsubscribe = onChange(onRecord);
    // The next step may have been written before the listener was added.
    store.read(id).then((newest) => newest && onRecord(newest), end);
  });
}
