import type { Clock } from '../../clock.ts';
import { ConnectionFailure, type Failure } from '../../connect/connection.ts';
import type { Listener } from './listener.ts';

/** SDK servers time out replies after a minute: decide well before that. */
const UNKNOWN_TASK_MS = 30_000;

export const withdrawn: Failure = { kind: 'aborted', message: 'The server withdrew the question' };
export const unknownTask: Failure = {
  kind: 'rpc',
  code: null,
  message: 'This client has no task for this question',
};

/** The tasks that one client of a connection knows. */
export interface TaskRegistry {
  /** The listener of the task, if it is led here now. */
  listenerOf(taskId: string): Listener | undefined;
  isOnRecord(taskId: string): Promise<boolean>;
}

/** Holds server requests for tasks without an open stream. An error reply would count as a decline. */
export function createPendingRequests(clock: Clock, isCalling: () => boolean) {
  const registries = new Set<TaskRegistry>();
  /** The tasks ever followed here. */
  const known = new Set<string>();
  const unmatched = new Set<() => void>();

  async function isOnRecord(taskId: string): Promise<boolean> {
    // If a record cannot be read, assume that it exists.
    const all = [...registries].map((registry) => registry.isOnRecord(taskId).catch(() => true));
    return (await Promise.all(all)).includes(true);
  }

  return {
    join(registry: TaskRegistry): void {
      registries.add(registry);
    },
    markKnown(taskId: string): void {
      known.add(taskId);
      for (const match of unmatched) match();
    },
    /**
     * Resolves to the listener for this task. If another process holds the lease, waits until the server withdraws: the
     * question may be answered there. For an unknown task, waits for the call that may have made it.
     */
    async hold(taskId: string | undefined, signal: AbortSignal): Promise<Listener> {
      if (taskId === undefined) throw new ConnectionFailure(unknownTask);
      return new Promise((resolve, reject) => {
        const match = (): void => {
          if (!known.has(taskId)) return;
          end();
          const [listener] = [...registries].flatMap((registry) => registry.listenerOf(taskId) ?? []);
          if (listener !== undefined) resolve(listener);
        };
        const leave = (failure: Failure): void => {
          end();
          reject(new ConnectionFailure(failure));
        };
        const checkRecord = async (): Promise<void> => {
          if (isCalling()) cancel = clock.schedule(UNKNOWN_TASK_MS, checkRecord);
          else if (!(await isOnRecord(taskId))) leave(unknownTask);
        };
        const end = (): void => {
          unmatched.delete(match);
          cancel();
        };
        let cancel = clock.schedule(UNKNOWN_TASK_MS, checkRecord);
        signal.addEventListener('abort', () => leave(withdrawn));
        unmatched.add(match);
        match();
      });
    },
  };
}
