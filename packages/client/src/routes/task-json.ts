import type { TaskUpdate } from '../api/handle-api.ts';
import type { JsonObject } from '../task/json.ts';
import type { Progress } from '../task/progress.ts';
import { digestQuestion } from '../task/question.ts';
import { expiryOf, openQuestions, type TaskRecord } from '../task/record.ts';
import type { Outcome, TaskStatus } from '../task/task.ts';

/** One open question of a task. `digest` goes back with the answer: it says which question was read. */
export interface QuestionJson {
  /** The server's name for it. */
  readonly key: string;
  /** Tells it from any other question. */
  readonly digest: string;
  /** `elicitation/create`, `sampling/createMessage` or `roots/list`. */
  readonly method: string;
  /** For elicitation `message`, and `requestedSchema` or `url`: untrusted text. */
  readonly params: JsonObject;
  /** What it can be answered with, where that is not all of accept, decline and cancel. */
  readonly actions?: readonly string[];
}

/** A task for pages and programs; `routes.schema.json` describes it. Instants are ISO 8601, durations in ms. */
export interface TaskJson {
  /** The short local id. */
  readonly id: string;
  /** The server's id; null until it has given one. */
  readonly taskId: string | null;
  /** What the server is called. */
  readonly server: string;
  /** The tool's name. */
  readonly tool: string;
  /** As they were sent. */
  readonly arguments: JsonObject;
  /** The host's own words about it. */
  readonly labels: Readonly<Record<string, string>>;
  /** The server's last word. */
  readonly status: TaskStatus;
  /** What the server says to people: untrusted text. */
  readonly statusMessage: string | null;
  /** How far the server says it is. */
  readonly progress: Progress | null;
  /** When it was called. */
  readonly createdAt: string;
  /** When it last changed. */
  readonly updatedAt: string;
  /** When the server may delete it; null without a limit. */
  readonly expiresAt: string | null;
  /** When somebody wished it cancelled. */
  readonly cancelRequestedAt: string | null;
  /** What keeps us from the server, for people; null while nothing does. */
  readonly trouble: string | null;
  /** What it asks now. */
  readonly questions: readonly QuestionJson[];
  /** How it ended; null while it is open. */
  readonly outcome: Outcome | null;
}

/** The data of one server-sent event, whose name is `kind`. */
export interface TaskEventJson {
  /** What changed. */
  readonly kind: TaskUpdate['kind'];
  /** Of `question` and `question-withdrawn`. */
  readonly key?: string;
  /** Of `warning`. */
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
