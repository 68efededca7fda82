import type { TaskRecord } from '@mcp-tasks/client';
import { type ServedTask, type ServedTasks, ServeRefusal, servedTask as servedRecord } from '@mcp-tasks/client/serve';
import { AnswersRefused } from './check-answers.ts';
import type { Demo } from './demo.ts';
import { stateOf } from './task-record.ts';

/** Interval of expiry checks, in ms: expiry changes no record. */
const EXPIRY_CHECK_MS = 1000;
const PAGE_SIZE = 50;

/** The tasks of one session of 2025-11-25, or with owner `null` all tasks of 2026-07-28. */
export function createServedTasks(demo: Demo, owner: string | null): ServedTasks {
  const { host } = demo;
  const session = owner ?? undefined;
  const serve = (record: TaskRecord): ServedTask => servedTask(demo, record);

  async function find(taskId: string): Promise<TaskRecord | undefined> {
    const record = await host.find(taskId);
    return record?.sessionId === session ? record : undefined;
  }

  return {
    async find(taskId) {
      const record = await find(taskId);
      return record === undefined ? undefined : serve(record);
    },
    follow: (taskId, signal, onChange) =>
      new Promise((resolve, reject) => {
        let delivered = -1;
        const stop = host.onChange((record) => {
          if (record.id === taskId && record.sessionId === session) deliver(record);
        });
        const timer = setInterval(readNow, EXPIRY_CHECK_MS);
        const onAbort = (): void => end(() => reject(signal.reason));
        function readNow(): void {
          find(taskId).then(
            (record) => (record === undefined ? end(() => reject(unknown(taskId))) : deliver(record)),
            (error: unknown) => end(() => reject(error)),
          );
        }
        function end(settle: () => void): void {
          stop();
          clearInterval(timer);
          signal.removeEventListener('abort', onAbort);
          settle();
        }
        function deliver(record: TaskRecord): void {
          const { changes } = stateOf(record);
          if (changes <= delivered || signal.aborted) return;
          delivered = changes;
          const served = serve(record);
          onChange(served);
          if (record.phase === 'settled') end(() => resolve(served));
        }
        signal.addEventListener('abort', onAbort, { once: true });
        if (signal.aborted) onAbort();
        else readNow();
      }),
    async answer({ taskId, questionIds }, responses) {
      const [position] = Object.values(questionIds);
      if (position !== undefined) await host.answer(taskId, Number(position), responses).catch(refuseMisfits);
    },
    async cancel({ taskId }) {
      // 2025-11-25 requires the reply to `tasks/cancel` to show the task as cancelled.
      await host.cancel(taskId, owner !== null);
    },
    async list(cursor = '0') {
      const after = Number(cursor);
      if (!Number.isSafeInteger(after) || after < 0) throw new ServeRefusal(-32602, 'Invalid cursor');
      const listed = host.list(session, after, PAGE_SIZE + 1);
      const page = listed.slice(0, PAGE_SIZE);
      const tasks = await Promise.all(page.map(({ id }) => find(id)));
      const next = listed.length > PAGE_SIZE ? String(page.at(-1)?.number) : undefined;
      return { tasks: tasks.filter((task) => task !== undefined).map(serve), next };
    },
    delivered: () => undefined,
  };
}

/** The task as sent to its client, including injected faults. */
export function servedTask({ options }: Demo, record: TaskRecord): ServedTask {
  const { ttlMs, pollHint } = stateOf(record);
  const served = servedRecord(record);
  const { statusMessage: message } = served;
  return {
    ...served,
    ...(isAnswerDelayed(record) ? { status: 'input_required', inputRequests: record.inputRequests } : {}),
    statusMessage: options.chaos?.escapes === true ? `\u001b[31;5m${message}\u001b[2J\u202e\u0007` : message,
    ttlMs,
    pollIntervalMs: pollHint as number,
  };
}

/** True if answered questions stay listed until the delayed answer takes effect. */
function isAnswerDelayed({ status, ledger }: TaskRecord): boolean {
  return status === 'input_required' && Object.keys(ledger).length === 0;
}

/** Turns AnswersRefused into a protocol error; the client can answer the same task again. */
function refuseMisfits(error: unknown): never {
  if (!(error instanceof AnswersRefused)) throw error;
  throw new ServeRefusal(-32602, error.message, { problems: { ...error.problems } });
}

function unknown(taskId: string): ServeRefusal {
  return new ServeRefusal(-32602, `Unknown or expired task: ${taskId}`);
}
