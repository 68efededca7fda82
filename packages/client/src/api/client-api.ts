/// <reference lib="esnext.disposable" preserve="true" />

import type { Clock } from '../clock.ts';
import type { Connection, Negotiated } from '../connect/connection.ts';
import type { RelayState } from '../connect/relay-state.ts';
import type { RecordPage, TaskStore } from '../store/task-store.ts';
import type { ServerIdentity, TaskRecord } from '../task/record.ts';
import type { CallToolResult } from '../task/tool-result.ts';
import type { TraceContext } from '../worker/trace.ts';
import type { CallRequest, RunOptions, StartRequest, ToolDescription } from './call-api.ts';
import type { FollowRequest } from './follow-request.ts';
import type { FollowedTask, TaskHandle, TaskUpdate } from './handle-api.ts';
import type { JobsOption } from './mapped-jobs.ts';

export type { AnswerOptions, OutcomeOptions, Question, TaskHandle, TaskUpdate } from './handle-api.ts';

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
  /** Who the server is, with `connect`. @default as the first connection says */
  readonly identity?: ServerIdentity | undefined;
  /** Told whenever the connection that `connect` opens stands otherwise: opening, open, lost, ended. */
  readonly onConnection?: ((state: RelayState) => void) | undefined;
  /**
   * Where records live. Several clients may share one, in as many processes as the store allows.
   * @default the memory of this process, with a warning once (`process.emitWarning`): tasks end with the process
   */
  readonly store?: TaskStore | undefined;
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
  /**
   * False: only starts tasks. Each is given up as soon as the server has made it, for a worker on the same store
   * (`createTaskWorker`) to drive and to deliver; here it is followed through its record. @default true
   */
  readonly lead?: boolean | undefined;
}

/** A task that somebody else began. */
export interface AdoptRequest {
  /** As the server lists it. */
  readonly taskId: string;
  /** The host's own words about it. @default none */
  readonly labels?: Readonly<Record<string, string>> | undefined;
}

/** Of which tasks to be told. */
export interface EventFilter {
  /** Only those with all of these labels. @default all */
  readonly labels?: Readonly<Record<string, string>> | undefined;
}

/** Which tasks of this server to list. */
export interface TaskFilter {
  /** Only those that are not settled. @default false */
  readonly open?: boolean | undefined;
  /** Only open ones on which the server asks something. @default false */
  readonly asking?: boolean | undefined;
  /** Only those with all of these labels. */
  readonly labels?: Readonly<Record<string, string>> | undefined;
  /** Only those with this key. */
  readonly key?: string | undefined;
  /** Only those that changed at this instant or later, in ms since the epoch: what settled while a host was away, say. */
  readonly since?: number | undefined;
  /** At most so many. @default all */
  readonly limit?: number | undefined;
  /** The `next` of the page before. @default from the beginning */
  readonly after?: string | undefined;
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
   * Calls a tool and waits for its result, however long that takes; for code that knows nothing of tasks. No request
   * timeout ends it. A result with `isError` is a result.
   * @throws {TaskError} for every end but `completed`: what `start` and `accepted()` throw, `task-failed`,
   * `task-cancelled`, `task-expired`, `unreachable`, `timed-out`, `aborted`, `answer-invalid`, `input-required`
   */
  run(request: CallRequest, options?: RunOptions): Promise<CallToolResult>;
  /**
   * Calls a tool, once: what is lost on the way is never sent again. The handle is of the record, which is on disk, under
   * a lease of ours, before anything is sent; `accepted()` waits for what the server answers. Whether a task is made of
   * the call the server decides under the Tasks extension (SEP-2663), and the tool's `execution.taskSupport` under
   * 2025-11-25. Never throws for what the server does with the call.
   * @throws {TaskError} `call-invalid`, `key-conflict`, `aborted`, `store-unwritable`; `closed` when this client, or its
   * connection, has ended; with `connect` what that throws. Nothing was called, and nothing is on record
   */
  start(request: StartRequest): Promise<FollowedTask>;
  /**
   * A handle at once, without the network: by local id, task id, or the beginning of either. The record is read, and the
   * task followed, when a method needs it.
   */
  get(id: string): TaskHandle;
  /** The tasks of this server and account on record, a page at a time: open ones first, then the newest first. */
  list(filter?: TaskFilter): Promise<RecordPage>;
  /** The updates of every task followed here, those taken up later too, beginning with how each stands. Ends with `close()`. */
  events(filter?: EventFilter): AsyncIterableIterator<TaskUpdate>;
  /**
   * Tasks the server lists (2025-11-25 `tasks/list`) that nobody has on record here: somebody else called them. Nothing
   * is written, nothing is followed, until `adopt`. Empty where the server cannot list.
   */
  listUnrecorded(): Promise<readonly TaskRecord[]>;
  /**
   * Puts a task that the server lists on record, and follows it from now on.
   * @throws {TaskError} `not-found` when it is not listed, or is on record already; `closed`
   */
  adopt(request: AdoptRequest): Promise<FollowedTask>;
  /**
   * Follows a job that was begun elsewhere, by its mapping in `jobs`. One that is open on record already stays the only
   * record of it; one that has settled is followed anew.
   * @throws {TaskError} `not-found` for no such mapping, `call-invalid` when it does not fit the server, `closed`
   */
  follow(request: FollowRequest): Promise<FollowedTask>;
  /**
   * With `connect`: leaves the connection that is open, and opens another one without waiting for the next attempt: after
   * a sign-in, or because a person wants it now. Tasks are followed on; what is under way on the old one fails.
   * @throws {TaskError} what `connect` throws; `closed`; `unsupported` with `connection`
   */
  reconnect(): Promise<void>;
  /** Stops everything here. Never cancels a task. */
  close(): Promise<void>;
  /** As `close`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}
