import type { TaskClient } from '../api/client-api.ts';
import type { FollowedTask, TaskUpdate } from '../api/handle-api.ts';
import { digestOf } from '../task/digest.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../task/json.ts';
import type { Progress } from '../task/progress.ts';
import type { Outcome } from '../task/task.ts';
import type { CallToolResult } from '../task/tool-result.ts';
import { createProgressReport } from '../worker/progress.ts';
import type { ClientQuestions } from './client-questions.ts';
import { RpcError } from './client-rpc.ts';
import { endedResult, unfinishedResult } from './texts.ts';
import type { TaskTransportOptions } from './transport-api.ts';

export interface HeldCallsOptions extends TaskTransportOptions {
  readonly tasks: TaskClient;
  readonly questions: ClientQuestions;
  /** Aborted when the transport closes: tasks are no longer followed. */
  readonly closed: AbortSignal;
}

/** Calls of the host's client: each one starts or joins a task, and waits for its end up to `holdMs`. */
export interface HeldCalls {
  call(params: JsonObject, signal: AbortSignal, onProgress: (progress: Progress) => void): Promise<JsonObject>;
}

type Listener = (update: TaskUpdate) => void;

const DEFAULT_HOLD_MS = 50_000;

export function createHeldCalls(options: HeldCallsOptions): HeldCalls {
  const { tasks, questions, closed, holdMs = DEFAULT_HOLD_MS, join = true, labels } = options;
  /** Tasks whose end was not delivered yet, by call key. */
  const owed = new Map<string, FollowedTask>();
  const listeners = new Map<string, Set<Listener>>();

  async function startOrJoin(name: string, args: JsonObject, key: string): Promise<FollowedTask> {
    const before = join ? owed.get(key) : undefined;
    if (before !== undefined) return before;
    const task = await tasks.start({ name, arguments: args, labels, ...(join ? { key } : {}) });
    if (join) owed.set(key, task);
    return task;
  }

  /** Follows a task once, for the life of the transport: its questions may outlast the call. */
  function followOnce(task: FollowedTask, listener: Listener): () => void {
    const known = listeners.get(task.id);
    const all = known ?? new Set();
    all.add(listener);
    if (known === undefined) {
      listeners.set(task.id, all);
      void follow(task, all).finally(() => listeners.delete(task.id));
    }
    return () => all.delete(listener);
  }

  async function follow(task: FollowedTask, all: ReadonlySet<Listener>): Promise<void> {
    const updates = task.updates();
    closed.addEventListener('abort', () => void updates.return?.(), { once: true });
    for await (const update of updates) {
      for (const listener of all) listener(update);
      if (update.kind === 'question') questions.put(task.id, update.question);
      if (update.kind === 'question-withdrawn') questions.withdraw(task.id, update.key);
    }
  }

  return {
    async call(params, signal, onProgress) {
      const name = String(params.name);
      const args = isJsonObject(params.arguments) ? params.arguments : {};
      const key = `equal:${name}:${digestOf(args)}`;
      const task = await startOrJoin(name, args, key);
      const unlisten = followOnce(task, reportTo(onProgress));
      try {
        const timeoutMs = Number.isFinite(holdMs) ? holdMs : undefined;
        const outcome = await task.outcome({ timeoutMs, signal });
        // The end of a cancelled call is kept for an equal call.
        if (isOver(outcome) && !signal.aborted) owed.delete(key);
        return replyOf(task, outcome);
      } finally {
        unlisten();
      }
    },
  };

  function replyOf(task: FollowedTask, outcome: Outcome): JsonObject {
    if (!isOver(outcome)) return backgroundReply(task);
    if (outcome.result !== undefined) return outcome.result;
    const { taskId } = task.latest;
    const { error } = outcome;
    // The call itself was refused, before a task: pass the server's error on.
    if (taskId === null && typeof error?.code === 'number') {
      throw new RpcError(error.code, error.message, error.data as JsonValue | undefined);
    }
    return endedResult(task.latest, outcome);
  }

  function backgroundReply(task: FollowedTask): CallToolResult {
    return options.background?.(task) ?? unfinishedResult(task.latest, join);
  }
}

/** Reports the server's progress, and each new status message as `run` does. */
function reportTo(onProgress: (progress: Progress) => void): Listener {
  const report = createProgressReport(onProgress);
  return (update) => {
    const { statusMessage } = update.record;
    if (update.kind === 'progress') report.progress(update);
    if (update.kind === 'status' && statusMessage !== undefined) report.message(statusMessage);
  };
}

function isOver({ status }: Outcome): boolean {
  return ['completed', 'failed', 'cancelled', 'expired', 'unknown'].includes(status);
}
