/// <reference lib="esnext.disposable" preserve="true" />

import type { Clock } from '../clock.ts';
import type { Connection, Negotiated } from '../connect/connection.ts';
import type { TaskStore } from '../store/task-store.ts';
import type { TaskRecord } from '../task/record.ts';
import type { InputRequest, Outcome } from '../task/task.ts';
import type { CallToolResult } from '../task/tool-result.ts';
import type { TaskChange } from '../task/updates.ts';
import type { TraceContext } from '../worker/trace.ts';
import type {
  CallToolAnswer,
  CallToolOptions,
  CallToolRequest,
  CompletionRequest,
  ToolDescription,
} from './call-api.ts';
import type { FollowRequest, JobsOption } from './mapped-jobs.ts';

/** What a task client works with, and how often it asks. */
export interface TaskClientOptions {
  /** The server: from `fromSdkV2`, `fromSdkV1` or `connect`. @default what `connect` opens */
  readonly connection?: Connection | undefined;
  /**
   * Opens a connection to the server: when something is first asked of it, and again after the connection has ended.
   * Handles, updates and events go on. What was under way fails; nothing is sent twice. It is told what the connection
   * before had agreed on: tasks of 2025-11-25 over HTTP may live in its session.
   * @example
   * const tasks = createTaskClient({
   *   connect: (last) => connect(target, { sessionId: last?.sessionId, revision: last?.revision }),
   *   store,
   * });
   */
  readonly connect?: ((last: Negotiated | undefined) => Promise<Connection>) | undefined;
  /** Where records live. Several clients may share one, in as many processes as the store allows. */
  readonly store: TaskStore;
  /**
   * Jobs behind ordinary tools of this server (start, status, cancel), each under the name by which it is called: a call
   * of it becomes a task. A function is told what the server calls itself. @default none
   * @example
   * { build: { start: { tool: 'create_build', id: '/number' }, status: { tool: 'get_build', arguments: { build_number: '{id}' },
   *   state: '/state', map: { working: ['running'], completed: ['passed'], failed: ['failed'] } } } }
   */
  readonly jobs?: JobsOption | undefined;
  /**
   * Which calls stay on record once they are over: `all`, or `tasks` alone, where the record of a call that was answered
   * at once is deleted with its answer. A call under way is always on record. @default 'all'
   */
  readonly record?: 'tasks' | 'all' | undefined;
  /** Deletes records of this store that settled longer ago than this, in ms; looks at the start and every hour. @default never */
  readonly keepSettledMs?: number | undefined;
  /** Time and chance, for tests. @default the system's */
  readonly clock?: Clock | undefined;
  /** Who we are for leases; must tell processes apart. @default what the store names us, or a random id */
  readonly owner?: string | undefined;
  /** Never poll more often than this, in ms, whatever the server suggests; it cannot speed polling up. @default 0 */
  readonly minPollIntervalMs?: number | undefined;
  /**
   * How long to wait for the answer to one `tasks/get`, `tasks/update` or `tasks/cancel`, in ms; then it is sent again.
   * A call, and the stream of a result, have no such limit. @default 30_000
   */
  readonly requestTimeoutMs?: number | undefined;
  /**
   * How many requests may be in flight at the server at most. Within that the number adapts: it grows while answers come
   * as fast as before, and is halved on 429, 503 and time-outs. The first client of a server in a process decides.
   * @default 64, which is the most in a process
   */
  readonly maxInFlight?: number | undefined;
  /** Consecutive failures after which `outcome()` says `unreachable`. Polling itself goes on. @default 5 */
  readonly maxFailures?: number | undefined;
  /**
   * Asked when a task is begun or taken up; its requests then carry `traceparent` and `tracestate` in their `_meta`.
   * @default nothing is traced
   * @example
   * import { context, propagation } from '@opentelemetry/api';
   * const trace = () => {
   *   const carrier = {};
   *   propagation.inject(context.active(), carrier);
   *   return carrier;
   * };
   */
  readonly trace?: () => TraceContext | undefined;
  /** Watch only: no answer and no cancel is ever sent; the lease is borrowed for each poll and stays free for others. @default false */
  readonly observe?: boolean | undefined;
}

/** How long to wait. */
export interface OutcomeOptions {
  /** Stop waiting after this many ms with `timed_out`; the task goes on. @default no limit */
  readonly timeoutMs?: number | undefined;
  /** Stop waiting with `detached`; the task goes on. */
  readonly signal?: AbortSignal | undefined;
  /** Settle with `input_required` when only unanswered questions are left. @default false */
  readonly stopOnInput?: boolean | undefined;
}

/** How to give an answer. */
export interface AnswerOptions {
  /** Stops waiting for the acknowledgement; the answer is sent all the same. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Also answers a question that was answered already and is still listed, or that was refused because it had changed:
   * a person has decided so. @default false
   */
  readonly again?: boolean | undefined;
}

/** One thing that a task asks, as it was read. */
export interface Question {
  /** The server's name for it. */
  readonly key: string;
  /** The question as the protocol carries it: for elicitation `params.message` and `params.requestedSchema`. */
  readonly request: InputRequest;
  /** Tells it from any other question, also from one that comes under the same key; `task.question(key, digest)` takes it. */
  readonly digest: string;
  /**
   * Answers it, in the protocol's words: for elicitation `{ action: 'accept', content }`, `{ action: 'decline' }`
   * or `{ action: 'cancel' }`, for sampling what the model said. Checked against the question's schema, then written to
   * the record, then sent: as `tasks/update` of the Tasks extension (SEP-2663), or on the stream of `tasks/result`
   * (2025-11-25). When the server was last heard more than five seconds ago it is asked first whether it still asks
   * this. Resolves when the server acknowledged it (or, when another process holds the task, when that process did).
   * @throws {TaskError} `question-not-open`, `question-changed` when the server asks something else by now,
   * `answer-invalid`, `already-settled`, `not-found` when the record was removed, `unsupported` for a client that only
   * watches; where the answer is on record but may not have arrived `unreachable`, `connection-lost` or `closed`
   */
  answer(response: Readonly<Record<string, unknown>>, options?: AnswerOptions): Promise<void>;
}

/** What `updates()` and `events()` yield: what changed, and the record after the change; a question can be answered. */
export type TaskUpdate =
  | Exclude<TaskChange, { readonly kind: 'question' }>
  | (Extract<TaskChange, { readonly kind: 'question' }> & { readonly question: Question });

/** One task that is followed here. Several handles of one task share the following of it. */
export interface TaskHandle {
  /** The short local id. */
  readonly id: string;
  /** The newest record that this process knows. */
  readonly latest: TaskRecord;
  /**
   * Changes from now on, beginning with the present status and what is asked now; ends after `settled`, or when detached.
   * Leaving the loop ends it too, and detaches nothing.
   */
  updates(): AsyncIterableIterator<TaskUpdate>;
  /**
   * Waits until the task is settled. Never throws for what a task can do, and may be asked any number of times. When it
   * says `unreachable` or `auth_required` the task is still open, and waiting again goes on: until as many failures more,
   * or until the server was asked again and still wants a sign-in. It may be asked in a loop.
   */
  outcome(options?: OutcomeOptions): Promise<Outcome>;
  /**
   * What is asked under this key now, to be shown and answered. With the `digest` of what a person has read, only that.
   * @throws {TaskError} `question-not-open` when nothing is asked, `already-settled`, `question-changed` when the server
   * asks something else than what has this digest
   */
  question(key: string, digest?: string): Promise<Question>;
  /**
   * Asks the server to stop: `tasks/cancel`, an intent, after which the task may still complete. Resolves when the server
   * acknowledged it.
   * @throws {TaskError} `already-settled`, `not-found` when the record was removed, `unsupported` when there is no task yet
   * or the client only watches, `rpc-error` when the server refuses; where the wish is on record but not sent
   * `unreachable` or `closed`
   */
  cancel(options?: { readonly signal?: AbortSignal | undefined }): Promise<void>;
  /** One read now, outside the poll cadence but never faster than the hint allows twice in a row. */
  refresh(): Promise<TaskRecord>;
  /** Stops watching here. The task and its record live on. */
  detach(): void;
}

/** The tasks of one server: calls become tasks, tasks are followed, taken up again, and told of. */
export interface TaskClient {
  /** The server: who it is, and what was negotiated. @throws {TaskError} `closed` with `connect`, before something was asked of it */
  readonly connection: Connection;
  /**
   * What can be called, all pages of it.
   * @throws {TaskError} `invalid-response`
   * @throws {ConnectionFailure} when the server cannot be asked
   */
  listTools(options?: { readonly signal?: AbortSignal | undefined }): Promise<readonly ToolDescription[]>;
  /**
   * Calls a tool, once: what is lost on the way is never sent again. There is no time limit of ours; `signal` ends the
   * waiting. Whether a task is made of it the server decides under the Tasks extension (SEP-2663), and the tool's
   * `execution.taskSupport` under 2025-11-25.
   * @throws {TaskError} `rpc-error` when the server refused or failed, `auth-required`, `connection-lost` when nobody knows whether it
   * ran, `call-invalid`, `invalid-response`, `aborted`; `closed` when this client, or its connection, has ended: nothing was called, and
   * nothing is on record
   */
  callTool(request: CallToolRequest, options?: CallToolOptions): Promise<CallToolAnswer>;
  /**
   * Calls and waits for what a plain `tools/call` would have returned; for code that knows nothing of tasks. No request
   * timeout ends it. A result with `isError` is a result.
   * @throws {TaskError} what `callTool` throws, and `task-failed`, `task-cancelled`, `task-expired`, `unreachable`,
   * `timed-out`, `aborted`, `answer-invalid`
   */
  callToolToCompletion(request: CompletionRequest): Promise<CallToolResult>;
  /** The updates of every task followed here, those taken up later too, beginning with how each stands. Ends with `close()`. */
  events(): AsyncIterableIterator<TaskUpdate>;
  /**
   * Takes up all open tasks of this server again, after a restart say; with `settledSince` (ms since the epoch) also
   * those that ended since then, so that what settled while we were away is delivered.
   * @throws {TaskError} `closed` when this client, or the connection to a server with open tasks, has ended
   */
  resumeAll(options?: { readonly settledSince?: number | undefined }): Promise<readonly TaskHandle[]>;
  /**
   * Takes up a task of this server again, by local id, task id or prefix; a settled one too, whose outcome is on record.
   * @throws {TaskError} `not-found`, `ambiguous-id`, `server-changed`; `closed` when this client, or for an open task its
   * connection, has ended
   */
  resume(reference: string): Promise<TaskHandle>;
  /**
   * Tasks the server lists (2025-11-25 `tasks/list`) that nobody has on record here: somebody else called them. Nothing
   * is written, nothing is followed, until `adopt`. Empty where the server cannot list.
   */
  listUnrecorded(): Promise<readonly TaskRecord[]>;
  /**
   * Puts a task of the last `listUnrecorded` on record and follows it from now on.
   * @throws {TaskError} `not-found` when it was not listed, `closed`
   */
  adopt(taskId: string): Promise<TaskHandle>;
  /**
   * Follows a job that was begun elsewhere, by its mapping in `jobs`. One that is open on record already stays the only
   * record of it; one that has settled is followed anew.
   * @throws {TaskError} `not-found` for no such mapping, `call-invalid` when it does not fit the server, `closed`
   */
  follow(request: FollowRequest): Promise<TaskHandle>;
  /** Stops everything here. Never cancels a task. */
  close(): Promise<void>;
  /** As `close`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}
