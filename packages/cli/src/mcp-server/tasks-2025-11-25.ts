import { mcp20251125, type ServedTasks } from '@mcp-tasks/client/serve';

const METHODS = ['tasks/get', 'tasks/list', 'tasks/cancel', 'tasks/result'] as const;
export type CoreTaskMethod = (typeof METHODS)[number];

type Params = mcp20251125.TaskRequest['params'];
type Answer = Awaited<ReturnType<mcp20251125.ResultStream>>;

/** Core tasks of one session or one stdio connection. */
export interface CoreTasks {
  answer(method: CoreTaskMethod, params: Params, request: CoreTaskRequest): Promise<Answer>;
}

export interface CoreTaskRequest {
  readonly signal: AbortSignal;
  /** Asks the client on the stream of this request. */
  readonly ask: mcp20251125.AskOnStream;
}

export function isCoreTaskMethod(method: string): method is CoreTaskMethod {
  return (METHODS as readonly string[]).includes(method);
}

export function createCoreTasks(tasks: ServedTasks): CoreTasks {
  const holdResult = mcp20251125.createResultStream(tasks);
  return {
    answer(method, params, { signal, ask }) {
      if (method === 'tasks/result') return holdResult({ taskId: String(params.taskId), signal, ask });
      return mcp20251125.answerTaskRequest({ method, params }, tasks);
    },
  };
}
