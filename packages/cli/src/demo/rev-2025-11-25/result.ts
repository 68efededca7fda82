import type { Demo } from '../demo.ts';
import { type DemoTask, isAsking, isTerminal } from '../task-row.ts';
import { askClient, type Extra } from './ask.ts';
import { RpcFailure } from './rpc-failure.ts';
import { RELATED_TASK } from './wire.ts';

/** Another process may forget an expired task without a word. */
const LOOK_AGAIN_MS = 1000;

export type ResultStream = (find: () => DemoTask, extra: Extra) => Promise<Record<string, unknown>>;

/**
 * Answers `tasks/result`: asks what the task asks on this very stream, and ends with what the call would have
 * returned. Of several streams for one task only the newest asks.
 */
export function createResultStream(demo: Demo): ResultStream {
  const newest = new Map<string, AbortController>();
  return async (find, extra) => {
    const { id } = find();
    const asker = new AbortController();
    newest.get(id)?.abort();
    newest.set(id, asker);
    const changes = watchTask(demo, id, extra.signal);
    const broken: { error?: unknown } = {};
    const questions = openQuestions(demo, extra, asker.signal, (error) => {
      broken.error = error;
      changes.wake();
    });
    try {
      for (;;) {
        if (broken.error !== undefined) throw broken.error;
        const task = find();
        if (isTerminal(task.status)) return payload(task);
        questions.follow(task);
        await changes.next();
      }
    } finally {
      asker.abort();
      changes.stop();
      if (newest.get(id) === asker) newest.delete(id);
    }
  };
}

/** Keeps asked exactly what is open: a question that stays open is neither taken back nor repeated. */
function openQuestions(demo: Demo, extra: Extra, asker: AbortSignal, onTrouble: (error: unknown) => void) {
  const asked = new Map<string, AbortController>();
  return {
    follow(task: DemoTask): void {
      const open = new Map(
        isAsking(task) ? Object.keys(task.questions).map((key) => [`${task.position} ${key}`, key]) : [],
      );
      for (const [name, controller] of asked) {
        if (open.has(name)) continue;
        controller.abort();
        asked.delete(name);
      }
      for (const [name, key] of open) {
        const question = task.questions[key];
        if (asked.has(name) || question === undefined) continue;
        const controller = new AbortController();
        asked.set(name, controller);
        const signal = AbortSignal.any([asker, controller.signal]);
        askClient(extra, question, { [RELATED_TASK]: { taskId: task.id } }, signal)
          .then((answer) => {
            if (answer !== undefined) demo.engine.answer(task.id, { [key]: answer }, task.position);
          })
          .catch(onTrouble);
      }
    },
  };
}

function watchTask(demo: Demo, id: string, signal: AbortSignal) {
  let changed = false;
  let wake = () => {};
  const change = () => {
    changed = true;
    wake();
  };
  const stop = demo.engine.onChange((task) => {
    if (task.id === id) change();
  });
  return {
    stop,
    wake: change,
    async next(): Promise<void> {
      if (!changed && !signal.aborted) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, LOOK_AGAIN_MS);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
          signal.addEventListener('abort', wake, { once: true });
        });
        signal.removeEventListener('abort', wake);
      }
      changed = false;
      signal.throwIfAborted();
    },
  };
}

function payload(task: DemoTask): Record<string, unknown> {
  if (task.result !== null) return { ...task.result, _meta: { [RELATED_TASK]: { taskId: task.id } } };
  throw new RpcFailure(task.error ?? { code: -32603, message: 'The task was cancelled', data: { taskId: task.id } });
}
