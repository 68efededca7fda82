import type { JsonObject } from '../task/json.ts';
import type { Progress } from '../task/progress.ts';
import type { Question, TaskHandle } from './handle-api.ts';

/** A tool as the server lists it. Specification: server/tools, "Tool". */
export interface ToolDescription {
  /** What `start` and `run` take. */
  readonly name: string;
  /** For people, instead of the name. */
  readonly title?: string | undefined;
  /** For people and models. */
  readonly description?: string | undefined;
  /** JSON Schema of the arguments; `{ type: 'object' }` where the server gave none. */
  readonly inputSchema: JsonObject;
  /** JSON Schema of the result's `structuredContent`, where the tool has any. */
  readonly outputSchema?: JsonObject | undefined;
  /** Hints such as `readOnlyHint`, in the server's words; not to be trusted. */
  readonly annotations?: JsonObject | undefined;
  /**
   * Whether a call becomes a task: never, when it is asked for, or always. `start` knows what to do with each. By the
   * tool's `execution.taskSupport` on 2025-11-25; on 2026-07-28 the server decides per call, and all are `optional`.
   */
  readonly taskSupport: 'forbidden' | 'optional' | 'required';
}

/** Which tool to call, with what, and what the host calls it. */
export interface CallRequest {
  /** The tool's name. */
  readonly name: string;
  /** Whatever JSON can hold; it is written to the record before it is sent. @default {} */
  readonly arguments?: Readonly<Record<string, unknown>> | undefined;
  /** The host's own words about it (thread, user, ticket): on the record, in `list` and in every update. @default none */
  readonly labels?: Readonly<Record<string, string>> | undefined;
  /**
   * Names of the people and groups who may answer its questions; `answer()` takes `as`. Anybody reads the task.
   * @default anybody may answer
   */
  readonly audience?: readonly string[] | undefined;
  /**
   * The host's name for this call, for deduplication: while a call of this key is open at this server and account, no
   * other one is made, in any process on the same store. @default none
   */
  readonly key?: string | undefined;
  /**
   * When an open call has the key: `join` gives a handle of that one, `refuse` throws `key-conflict`. With another tool
   * or other arguments it is `key-conflict` either way. @default 'join'
   */
  readonly onExisting?: 'join' | 'refuse' | undefined;
  /** The id of the record whose call this one makes again; it stands on the new record. @default none */
  readonly rerunOf?: string | undefined;
  /** Requested retention, in ms (2025-11-25 only; servers may ignore it). @default the server's */
  readonly ttlMs?: number | undefined;
}

/** A call to be started. */
export interface StartRequest extends CallRequest {
  /** Aborting before the call is sent throws `aborted`: nothing was sent, and nothing is on record. Later it does nothing. */
  readonly signal?: AbortSignal | undefined;
}

/** A question, and the task that asks it. */
export type TaskQuestion = Question & {
  /** Which task asks. */
  readonly task: TaskHandle;
};

/** How to wait for a result, and who answers what is asked on the way. */
export interface RunOptions {
  /** Aborting stops waiting; the task goes on, and its record stays. */
  readonly signal?: AbortSignal | undefined;
  /** Stop waiting after this many ms, task or not; what was begun goes on. @default no limit */
  readonly timeoutMs?: number | undefined;
  /** Progress of the server, and every change of the task's status message. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /**
   * Answers what the task asks; undefined leaves the question open, for whoever answers elsewhere. What it throws, and
   * an answer that does not fit the question, end the waiting with that error; the task goes on. `'throw'` ends the
   * waiting with `input-required` when only unanswered questions are left.
   * @default every question is left open, and waited for
   */
  readonly onQuestion?:
    | 'throw'
    | ((
        question: TaskQuestion,
      ) => Promise<Readonly<Record<string, unknown>> | undefined> | Readonly<Record<string, unknown>> | undefined)
    | undefined;
}
