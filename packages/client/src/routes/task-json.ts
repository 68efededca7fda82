import type { TaskUpdate } from '../api/handle-api.ts';
import type { JsonObject } from '../task/json.ts';
import type { Progress } from '../task/progress.ts';
import { digestQuestion } from '../task/question.ts';
import { expiryOf, openQuestions, type TaskRecord } from '../task/record.ts';
import type { Outcome, TaskStatus } from '../task/task.ts';

/** One open question of a task. An answer must return `digest`, which identifies the question that was read. */
export interface QuestionJson {
  /** Key that the server gave. */
  readonly key: string;
  /** Digest of the question: differs for any other question. */
  readonly digest: string;
  /** `elicitation/create`, `sampling/createMessage` or `roots/list`. */
  readonly method: string;
  /** For elicitation `message`, and `requestedSchema` or `url`: untrusted text. */
  readonly params: JsonObject;
  /** Possible actions, if not all of accept, decline and cancel. */
  readonly actions?: readonly string[];
}

/** A task for pages and programs; schema: `routes.schema.json`. Times are ISO 8601, durations in ms. */
export interface TaskJson {
  /** Local id. */
  readonly id: string;
  /** Task id of the server; null before the server gave one. */
  readonly taskId: string | null;
  /** Label of the server. */
  readonly server: string;
  /** Name of the tool. */
  readonly tool: string;
  /** Arguments of the call. */
  readonly arguments: JsonObject;
  /** Labels that the host set. */
  readonly labels: Readonly<Record<string, string>>;
  /** Last status from the server. */
  readonly status: TaskStatus;
  /** The server's message for people: untrusted text. */
  readonly statusMessage: string | null;
  /** Last progress from the server. */
  readonly progress: Progress | null;
  /** Time of the call. */
  readonly createdAt: string;
  /** Time of the last change. */
  readonly updatedAt: string;
  /** When the server may delete the task; null without limit. */
  readonly expiresAt: string | null;
  /** When a cancel was requested. */
  readonly cancelRequestedAt: string | null;
  /** Why the server is unreachable, for people; null if it is reachable. */
  readonly trouble: string | null;
  /** Open questions. */
  readonly questions: readonly QuestionJson[];
  /** Outcome; null while the task is open. */
  readonly outcome: Outcome | null;
}

/** Data of one server-sent event; the event's name is `kind`. */
export interface TaskEventJson {
  /** Kind of the change. */
  readonly kind: TaskUpdate['kind'];
  /** Key, for `question` and `question-withdrawn`. */
  readonly key?: string;
  /** Message, for `warning`. */
  readonly message?: string;
  /** The task after the change. */
  readonly task: TaskJson;
}

const iso = (at: number | null | undefined): string | null =>
  typeof at === 'number' ? new Date(at).toISOString() : null;

export function taskJson(record: TaskRecord): TaskJson {
  const { id, taskId, tool, status, outcome } = record;
  return {
    id,
    taskId,
    server: record.server.label,
    tool,
    arguments: record.arguments,
    labels: record.labels ?? {},
    status,
    statusMessage: record.statusMessage ?? null,
    progress: record.progress ?? null,
    createdAt: new Date(record.createdAt).toISOString(),
    updatedAt: new Date(record.updatedAt).toISOString(),
    expiresAt: iso(expiryOf(record)),
    cancelRequestedAt: iso(record.cancelRequestedAt),
    trouble: record.trouble ?? null,
    questions: Object.entries(openQuestions(record)).map(([key, { method, params, actions }]) => ({
      key,
      digest: digestQuestion({ method, params }),
      method,
      params,
      ...(actions === undefined ? {} : { actions }),
    })),
    outcome,
  };
}

export function eventJson(update: TaskUpdate): TaskEventJson {
  const { kind, record } = update;
  return {
    kind,
    ...('key' in update ? { key: update.key } : {}),
    ...(kind === 'warning' ? { message: update.message } : {}),
    task: taskJson(record),
  };
}
