import type { JsonObject } from '../task/json.ts';
import type { Progress } from '../task/progress.ts';
import type { Question, TaskHandle } from './handle-api.ts';

/** A tool as the server lists it. Specification: server/tools, "Tool". */
export interface ToolDescription {
  /** The name that `start` and `run` take. */
  readonly name: string;
  /** For people, in place of the name. */
  readonly title?: string | undefined;
  /** For people and models. */
  readonly description?: string | undefined;
  /** JSON Schema of the arguments; `{ type: 'object' }` where the server gave none. */
  readonly inputSchema: JsonObject;
  /** JSON Schema of the result's `structuredContent`, if the tool has one. */
  readonly outputSchema?: JsonObject | undefined;
  /** Hints such as `readOnlyHint` from the server; not to be trusted. */
  readonly annotations?: JsonObject | undefined;
  /**
   * Whether a call becomes a task: never, on request, or always; `start` handles each. From the tool's
   * `execution.taskSupport` on 2025-11-25; on 2026-07-28 the server decides per call, and all are `optional`.
   */
  readonly taskSupport: 'forbidden' | 'optional' | 'required';
  /** Whether a call begins a job behind other tools of the server, as a mapping describes it. @default false */
  readonly isJob?: boolean | undefined;
}

/** A tool call: its tool, arguments, labels and key. */
export interface CallRequest {
  /** The tool's name. */
  readonly name: string;
  /** JSON values; saved on the record before they are sent. @default {} */
  readonly arguments?: Readonly<Record<string, unknown>> | undefined;
  /** Labels of the host (thread, user, ticket): on the record, in `list` and in every update. @default none */
  readonly labels?: Readonly<Record<string, string>> | undefined;
  /**
   * Names of the people and groups who may answer its questions; `answer()` takes `as`. Everybody may read the task.
   * @default anybody may answer
   */
  readonly audience?: readonly string[] | undefined;
  /**
   * The key of this call, for deduplication: while a call with this key is open at this server and account, no other
   * one is sent, from any process on the same store. @default none
   */
  readonly key?: string | undefined;
  /**
   * If an open call has the key: `join` returns a handle of it, `refuse` throws `key-conflict`. Another tool or other
   * arguments throw `key-conflict` either way. @default 'join'
   */
  readonly onExisting?: 'join' | 'refuse' | undefined;
  /** The id of the record whose call this one repeats; saved on the new record. @default none */
  readonly rerunOf?: string | undefined;
  /** Requested retention, in ms (2025-11-25 only; servers may ignore it). @default the server's */
  readonly ttlMs?: number | undefined;
}

/** A call to start. */
export interface StartRequest extends CallRequest {
  /**
   * Aborting before the call is sent throws `aborted`: nothing was sent, and nothing is on record. Later it has no
   * effect.
   */
  readonly signal?: AbortSignal | undefined;
}

/** A question with its task. */
export type TaskQuestion = Question & {
  /** The task that asks. */
  readonly task: TaskHandle;
};

/** The options of waiting for a result, and the handler of questions. */
export interface RunOptions {
  /** Aborting stops waiting; the task keeps running, and its record stays. */
  readonly signal?: AbortSignal | undefined;
  /** Stop waiting after this many ms, task or not; the call or task keeps running. @default no limit */
  readonly timeoutMs?: number | undefined;
  /** Called on progress of the server, and on every change of the task's status message. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /**
   * Answers the questions of the task; undefined leaves a question open, to be answered elsewhere. Its errors, and an
   * answer that does not fit the question, end the waiting with that error; the task keeps running. `'throw'` ends the
   * waiting with `input-required` when only unanswered questions are left.
   * @default every question stays open, and is waited for
   */
  readonly onQuestion?:
    | 'throw'
    | ((
        question: TaskQuestion,
      ) => Promise<Readonly<Record<string, unknown>> | undefined> | Readonly<Record<string, unknown>> | undefined)
    | undefined;
}
