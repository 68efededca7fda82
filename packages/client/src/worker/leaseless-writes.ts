import type { Clock } from '../clock.ts';
import { TaskError } from '../errors.ts';
import { type Lifecycle, type LifecycleEvent, note } from '../machine/lifecycle.ts';
import type { TaskStore } from '../store/task-store.ts';
import type { TaskRecord } from '../task/record.ts';

const RETRY_MS = 2_000;
/** A store that has not responded for this long is asked again in parallel. */
const HANGS_MS = 5_000;

/**
 * Writes of events that only this process received: an acknowledged answer, or the response to a call. They need no
 * lease, and are retried while the store fails.
 */
export interface LeaselessWrites {
  /** The saved record, or for a deleted one the record in memory. Undefined: will be retried; `onSaved` follows. */
  write(state: Lifecycle, event: LifecycleEvent): Promise<TaskRecord | undefined>;
  stop(): void;
}

export interface LeaselessWritesOptions {
  readonly store: Pick<TaskStore, 'update'>;
  readonly clock: Clock;
  /** The write failed. It is retried unless the store refuses it for its content. */
  onTrouble(reason: string): void;
  /** The store has saved all delayed writes. */
  onSaved(): void;
}

export function createLeaselessWrites({ store, clock, onTrouble, onSaved }: LeaselessWritesOptions): LeaselessWrites {
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
        if (isRetryable(error)) unwritten = [...all.slice(index), ...unwritten];
        if (isRetryable(error)) return wait();
      }
    }
    onSaved();
  }

  function wait(): void {
    cancel ??= clock.schedule(RETRY_MS, () => void retry());
  }

  return {
    async write(state, event) {
      const write = (): Promise<TaskRecord | undefined> =>
        withinTime(
          clock,
          store.update(state.record.id, (record) => note({ ...state, record }, event)),
        );
      try {
        return (await write()) ?? note(state, event);
      } catch (error) {
        onTrouble(error instanceof Error ? error.message : String(error));
        if (!isRetryable(error)) return note(state, event);
        unwritten.push(write);
        wait();
        return undefined;
      }
    },
    stop: () => cancel?.(),
  };
}

/** Rejects when the store hangs. The write may still succeed: writing the same event twice is idempotent. */
function withinTime<T>(clock: Clock, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = clock.schedule(HANGS_MS, () => reject(new Error('it does not answer')));
    void work.then(resolve, reject).finally(cancel);
  });
}

function isRetryable(error: unknown): boolean {
  return !TaskError.is(error) || error.code === 'store-unwritable';
}
