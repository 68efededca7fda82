import { type ServedTask, type ServedTasks, ServeRefusal } from '@mcp-tasks/client/serve';
import { AnswersRefused } from './check-answers.ts';
import type { Demo } from './demo.ts';
import { type DemoTask, isAsking, isTerminal } from './task-row.ts';

/** Expiry by another process changes no row: look again at this interval, in ms. */
const LOOK_AGAIN_MS = 1000;
const PAGE_SIZE = 50;

/** The tasks of one session of 2025-11-25, or with owner `null` all tasks of 2026-07-28. */
export function createServedTasks(demo: Demo, owner: string | null): ServedTasks {
  const { engine } = demo;
  const serve = (task: DemoTask): ServedTask => servedTask(demo, task);

  function find(taskId: string): DemoTask | undefined {
    const task = engine.find(taskId);
    return task?.owner === owner ? task : undefined;
  }

  return {
    async find(taskId) {
      const task = find(taskId);
      return task === undefined ? undefined : serve(task);
    },
    follow: (taskId, signal, onChange) =>
      new Promise((resolve, reject) => {
        const stop = engine.onChange((task) => {
          if (task.id === taskId) tell(task);
        });
        const timer = setInterval(() => {
          if (find(taskId) === undefined) end(() => reject(unknown(taskId)));
        }, LOOK_AGAIN_MS);
        const leave = (): void => end(() => reject(signal.reason));
        function end(settle: () => void): void {
          stop();
          clearInterval(timer);
          signal.removeEventListener('abort', leave);
          settle();
        }
        function tell(task: DemoTask): void {
          const served = serve(task);
          onChange(served);
          if (isTerminal(task.status)) end(() => resolve(served));
        }
        signal.addEventListener('abort', leave, { once: true });
        const task = find(taskId);
        if (signal.aborted) leave();
        else if (task === undefined) end(() => reject(unknown(taskId)));
        else tell(task);
      }),
    async answer({ taskId, questionIds }, responses) {
      const [position] = Object.values(questionIds);
      if (position !== undefined) refusingMisfits(() => engine.answer(taskId, responses, Number(position)));
    },
    async cancel({ taskId }) {
      // 2025-11-25 requires the reply to `tasks/cancel` to show the task as cancelled.
      engine.cancel(taskId, owner !== null);
    },
    async list(cursor = '0') {
      const after = Number(cursor);
      if (!Number.isSafeInteger(after) || after < 0) throw new ServeRefusal(-32602, 'Invalid cursor');
      const rows = engine.list(owner ?? '', after, PAGE_SIZE + 1);
      const page = rows.slice(0, PAGE_SIZE);
      const last = page.at(-1);
      const next = rows.length > PAGE_SIZE && last !== undefined ? String(last.rowid) : undefined;
      return { tasks: page.map(serve), next };
    },
    delivered: () => undefined,
  };
}

/** The task as sent to its client, including injected faults. */
export function servedTask({ options }: Demo, task: DemoTask): ServedTask {
  const { id, status, message, createdAt, updatedAt, ttlMs, pollHint, questions, position, result, error } = task;
  const open = isAsking(task) ? Object.keys(questions) : [];
  return {
    taskId: id,
    status,
    statusMessage: options.chaos?.escapes === true ? `\u001b[31;5m${message}\u001b[2J\u202e\u0007` : message,
    createdAt: new Date(createdAt).toISOString(),
    lastUpdatedAt: new Date(updatedAt).toISOString(),
    ttlMs,
    pollIntervalMs: pollHint as number,
    inputRequests: status === 'input_required' ? (questions as unknown as ServedTask['inputRequests']) : {},
    questionIds: Object.fromEntries(open.map((key) => [key, String(position)])),
    result: (result ?? undefined) as ServedTask['result'],
    error: (error ?? undefined) as ServedTask['error'],
  };
}

/** Turns AnswersRefused into a protocol error; the client can answer the same task again. */
function refusingMisfits(work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof AnswersRefused)) throw error;
    throw new ServeRefusal(-32602, error.message, { problems: { ...error.problems } });
  }
}

function unknown(taskId: string): ServeRefusal {
  return new ServeRefusal(-32602, `Unknown or expired task: ${taskId}`);
}
