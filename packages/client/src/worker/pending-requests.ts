import type { Clock } from '../clock.ts';
import { ConnectionFailure, type Failure } from '../connect/connection.ts';
import { isJsonObject, type JsonObject } from '../task/json.ts';
import type { Listener } from './stream-questions.ts';

const RELATED_TASK = 'io.modelcontextprotocol/related-task';
/** Servers of the SDKs wait for a minute: what is said by then is heard. */
const PATIENCE_MS = 30_000;

export const withdrawn: Failure = { kind: 'aborted', message: 'The server withdrew the question' };
export const nobody: Failure = { kind: 'rpc', code: -32603, message: 'No task of this client can be asked about this' };

/** What one client of a connection knows of tasks. */
export interface Household {
  /** The task as it is led here now. */
  listenerOf(taskId: string): Listener | undefined;
  isOnRecord(taskId: string): Promise<boolean>;
}

export function relatedTask(params: JsonObject): string | undefined {
  const meta = isJsonObject(params._meta) ? params._meta[RELATED_TASK] : undefined;
  return isJsonObject(meta) && typeof meta.taskId === 'string' ? meta.taskId : undefined;
}

/** Questions of tasks no stream of which is open here. Servers take an error for a refusal, so that most get none. */
export function createHeld(clock: Clock, isCalling: () => boolean) {
  const households = new Set<Household>();
  /** Tasks that were followed here at some time. */
  const known = new Set<string>();
  const strangers = new Set<() => void>();

  async function isOnRecord(taskId: string): Promise<boolean> {
    // A record that cannot be read may be there.
    const all = [...households].map((household) => household.isOnRecord(taskId).catch(() => true));
    return (await Promise.all(all)).includes(true);
  }

  return {
    join(household: Household): void {
      households.add(household);
    },
    know(taskId: string): void {
      known.add(taskId);
      for (const meet of strangers) meet();
    },
    /**
     * Resolves with whom to ask. What is asked of a task that another process leads, or that was left, waits until the
     * server withdraws it: put here later, it might have been answered meanwhile on the stream of whoever leads. What is
     * asked of a task that nobody here has heard of waits for the call that may have made it.
     */
    async hold(taskId: string | undefined, signal: AbortSignal): Promise<Listener> {
      if (taskId === undefined) throw new ConnectionFailure(nobody);
      return new Promise((resolve, reject) => {
        const meet = (): void => {
          if (!known.has(taskId)) return;
          end();
          const [listener] = [...households].flatMap((household) => household.listenerOf(taskId) ?? []);
          if (listener !== undefined) resolve(listener);
        };
        const leave = (failure: Failure): void => {
          end();
          reject(new ConnectionFailure(failure));
        };
        const look = async (): Promise<void> => {
          if (isCalling()) cancel = clock.schedule(PATIENCE_MS, look);
          else if (!(await isOnRecord(taskId))) leave(nobody);
        };
        const end = (): void => {
          strangers.delete(meet);
          cancel();
        };
        let cancel = clock.schedule(PATIENCE_MS, look);
        signal.addEventListener('abort', () => leave(withdrawn));
        strangers.add(meet);
        meet();
      });
    },
  };
}
