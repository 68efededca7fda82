import type { JsonObject } from '../task/json.ts';
import type { Progress } from '../task/progress.ts';
import type { TaskRecord } from '../task/record.ts';
import type { CallToolResult } from '../task/tool-result.ts';
import type { Question, TaskHandle } from './client-api.ts';

/** A tool as the server lists it. Specification: server/tools, "Tool". */
export interface ToolDescription {
  /** What `callTool` takes. */
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
   * Whether a call becomes a task: never, when it is asked for, or always. `callTool` knows what to do with each. By the
   * tool's `execution.taskSupport` on 2025-11-25; on 2026-07-28 the server decides per call, and all are `optional`.
   */
  readonly taskSupport: 'forbidden' | 'optional' | 'required';
}

/** Which tool to call, and with what. */
export interface CallToolRequest {
  /** The tool's name. */
  readonly name: string;
  /** Whatever JSON can hold; it is written to the record before it is sent. @default {} */
  readonly arguments?: Readonly<Record<string, unknown>> | undefined;
}

/** How to place one call. */
export interface CallToolOptions {
  /**
   * Aborting ends the waiting for the server's answer with a `TaskError` `aborted`. Nothing is cancelled, and a task
   * that is created later is still recorded.
   */
  readonly signal?: AbortSignal | undefined;
  /** Requested retention, in ms (2025-11-25 only; servers may ignore it). @default the server's */
  readonly ttlMs?: number | undefined;
  /**
   * Told as soon as the intent is on disk, before anything is sent: the id is known from here on. When it throws, nothing
   * is called and no record is kept.
   */
  readonly onRecorded?: ((record: TaskRecord) => void) | undefined;
  /** Progress that the server reports about the call, also after a task was made of it (2025-11-25). */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** What became of a call: a result at once, or a task. */
export type CallToolAnswer =
  /** The server answered at once; no task was made. `id` is that of our record. */
  | { readonly kind: 'complete'; readonly id: string; readonly result: CallToolResult }
  /** A task exists, or the server asked something before making one (then `taskId` of its record is still null). */
  | { readonly kind: 'task'; readonly task: TaskHandle };

/** A call in the fixed shape: what to call, how long to wait, and who answers what is asked on the way. */
export interface CompletionRequest extends CallToolRequest {
  /** Aborting stops waiting; the task goes on, and its record stays. */
  readonly signal?: AbortSignal | undefined;
  /** Stop waiting after this many ms, task or not; what was begun goes on. @default no limit */
  readonly timeoutMs?: number | undefined;
  /** Requested retention, in ms (2025-11-25 only; servers may ignore it). @default the server's */
  readonly ttlMs?: number | undefined;
  /** Progress of the server, and every change of the task's status message. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /**
   * Answers what the task asks; undefined leaves the question open, for whoever answers elsewhere. What it throws, and
   * an answer that does not fit the question, end the waiting with that error; the task goes on.
   * @default every question is left open
   */
  readonly onQuestion?:
    | ((
        question: Question & { readonly task: TaskHandle },
      ) => Promise<Readonly<Record<string, unknown>> | undefined> | Readonly<Record<string, unknown>> | undefined)
    | undefined;
}
