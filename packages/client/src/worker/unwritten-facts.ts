import type { Clock } from '../clock.ts';
import { TaskError } from '../errors.ts';
import { type Lifecycle, type LifecycleEvent, note } from '../machine/lifecycle.ts';
import type { TaskStore } from '../store/task-store.ts';
import type { TaskRecord } from '../task/record.ts';

const RETRY_MS = 2_000;

/**
 * What the server said to this process alone: that it took an answer, or what came of a call. It is persisted also
 * without the lease, and for as long as the store is in trouble it is kept here and tried again.
 */
export interface UnwrittenFacts {
  /** The record with the fact, as it is saved; as it would be, where it could not be saved for now or the record is gone. */
  write(state: Lifecycle, event: LifecycleEvent): Promise<TaskRecord>;
  stop(): void;
}

export function createUnwrittenFacts(
  store: Pick<TaskStore, 'update'>,
  clock: Clock,
  onTrouble: (reason: string) => void,
): UnwrittenFacts {
  let cancel: (() => void) | undefined;
  let unwritten: (() => Promise<unknown>)[] = [];

  async function retry(): Promise<void> {
    cancel = undefined;
    const all = unwritten;
    unwritten = [];
    for (const [index, write] of all.entries()) {
      try {
        await write();
      } catch (error) {
        if (isTrouble(error)) unwritten = [...all.slice(index), ...unwritten];
        if (isTrouble(error)) return wait();
      }
    }
  }

  function wait(): void {
    cancel ??= clock.schedule(RETRY_MS, () => void retry());
  }

  return {
    async write(state, event) {
      const write = (): Promise<TaskRecord | undefined> =>
        store.update(state.record.id, (record) => note({ ...state, record }, event));
      try {
        return (await write()) ?? note(state, event);
      } catch (error) {
        onTrouble(error instanceof Error ? error.message : String(error));
        if (isTrouble(error)) {
          unwritten.push(write);
          wait();
        }
        return note(state, event);
      }
    },
    stop: () => cancel?.(),
  };
}

function isTrouble(error: unknown): boolean {
  return !TaskError.is(error) || error.code === 'store-unwritable';
}
