import type { JsonObject, JsonValue } from '../core/json.ts';
import type { Target, TaskRecord } from '../core/record.ts';
import type { InputResponse, Outcome } from '../core/task.ts';
import type { TaskUpdate } from '../core/updates.ts';
import type { Clock } from '../ports/clock.ts';
import type { Connection } from '../ports/connection.ts';
import type { TaskStore } from '../ports/task-store.ts';

export interface TaskClientOptions {
  readonly connection: Connection;
  readonly store: TaskStore;
  readonly clock?: Clock;
  /** Who we are for leases; must tell processes apart. @default a random id */
  readonly owner?: string;
  /** Never poll more often than this, in ms, whatever the server suggests; it cannot speed polling up. @default 0 */
  readonly minPollIntervalMs?: number;
  /** Consecutive failures after which `outcome()` says `unreachable`. Polling itself goes on. @default 5 */
  readonly maxFailures?: number;
  /** Watch only: no answer, no cancel, no lease is ever taken beyond polling. @default false */
  readonly observe?: boolean;
}

export interface ToolDescription {
  readonly name: string;
  readonly title?: string | undefined;
  readonly description?: string | undefined;
  readonly inputSchema: JsonObject;
  readonly annotations?: JsonObject | undefined;
  /** `optional` where the revision decides per call (2026-07-28 with the extension). */
  readonly taskSupport: 'forbidden' | 'optional' | 'required';
}

export interface CallToolRequest {
  readonly name: string;
  readonly arguments?: JsonObject;
}

export interface CallToolOptions {
  /** Aborting detaches: a task that is created later is still recorded, nothing is cancelled. */
  readonly signal?: AbortSignal;
  /** Requested retention, in ms (2025-11-25 only; servers may ignore it). */
  readonly ttlMs?: number;
  /** Told as soon as the intent is on disk, before anything is sent. */
  readonly onRecorded?: (record: TaskRecord) => void;
}

export type CallToolAnswer =
  /** The server answered at once; no task was made. */
  | { readonly kind: 'complete'; readonly id: string; readonly result: JsonObject }
  /** A task exists, or the server asked something before making one (then `taskId` is still null). */
  | { readonly kind: 'task'; readonly task: TaskHandle };

export interface OutcomeOptions {
  /** Stop waiting after this many ms with `timed_out`; the task goes on. */
  readonly timeoutMs?: number;
  /** Stop waiting with `detached`; the task goes on. */
  readonly signal?: AbortSignal;
  /** Settle with `input_required` when only unanswered questions are left. @default false */
  readonly stopOnInput?: boolean;
}

export interface TaskHandle {
  /** The short local id. */
  readonly id: string;
  /** The newest record this process knows. */
  readonly record: TaskRecord;
  /** Changes from now on, beginning with the present status; ends after `settled`, or when detached. */
  updates(): AsyncIterableIterator<TaskUpdate>;
  /** Waits until the task is settled. Never throws for what a task can do. */
  outcome(options?: OutcomeOptions): Promise<Outcome>;
  /**
   * Answers one question. Written to the record first; resolves when the server acknowledged it (or, when another
   * process holds the task, when that process did).
   * @throws {TaskError} `question-not-open`, `answer-invalid`, `already-settled`
   */
  answer(key: string, response: InputResponse, options?: { readonly signal?: AbortSignal }): Promise<void>;
  /** Asks the server to stop. It may still complete. Resolves when the server acknowledged the request. */
  cancel(options?: { readonly signal?: AbortSignal }): Promise<void>;
  /** One read now, outside the poll cadence but never faster than the hint allows twice in a row. */
  refresh(): Promise<TaskRecord>;
  /** Stops watching here. The task and its record live on. */
  detach(): void;
}

export interface TaskClient {
  readonly connection: Connection;
  listTools(options?: { readonly signal?: AbortSignal }): Promise<readonly ToolDescription[]>;
  /** @throws {TaskError} when nothing could be sent, the server refused, or the outcome is unknown (`connection-lost`). */
  callTool(request: CallToolRequest, options?: CallToolOptions): Promise<CallToolAnswer>;
  /** Takes up a task of this server again, by local id, task id or prefix. */
  resume(reference: string): Promise<TaskHandle>;
  /** Tasks the server lists (2025-11-25 `tasks/list`), ours or not; empty where it cannot. */
  listServerTasks(): Promise<readonly JsonValue[]>;
  /** Stops everything here. Never cancels a task. */
  close(): Promise<void>;
}

export interface ConnectOptions {
  /** Sent with each HTTP request; never stored. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Environment of a stdio server, beside the safe defaults; never stored. */
  readonly env?: Readonly<Record<string, string>>;
  /** Re-use this 2025-11-25 session instead of `initialize`. */
  readonly sessionId?: string;
  /** With `sessionId`: the capabilities are unknown, so the revision is told. */
  readonly revision?: string;
  /** For people, instead of the host name or command. */
  readonly label?: string;
  readonly account?: string;
  readonly signal?: AbortSignal;
  /** In ms. @default 30_000 */
  readonly timeoutMs?: number;
  /** Lines a stdio server writes to its standard error. */
  readonly onStderr?: (line: string) => void;
}

export type Connect = (target: Target, options?: ConnectOptions) => Promise<Connection>;
