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

/** The options of a task client. */
export interface TaskClientOptions {
  /** The connection to the server: from `fromSdkV2`, `fromSdkV1` or `connect`. @default opened by `connect` */
  readonly connection?: Connection | undefined;
  /**
   * Opens a connection to the server: for the first request, and again after the connection has ended. Handles, updates
   * and events stay valid. Requests in flight fail; nothing is sent twice. Its argument is what the previous connection
   * negotiated: tasks of 2025-11-25 over HTTP may live in its session. A server that returns under another revision is
   * refused with `server-changed`: create another client for new calls.
   * @example
   * const tasks = createTaskClient({
   *   connect: (last) => connect(target, { sessionId: last?.sessionId, revision: last?.revision }),
   *   store,
   * });
   */
  readonly connect?: ((last: Negotiated | undefined) => Promise<Connection>) | undefined;
  /**
   * The identity of the server, with `connect`: `list` then needs no connection. @default the one of the first connection
   */
  readonly identity?: ServerIdentity | undefined;
  /** Called on each state change of the connection that `connect` opens: opening, open, lost, ended. */
  readonly onConnection?: ((state: RelayState) => void) | undefined;
  /**
   * The store of the records. Several clients may share one, in as many processes as the store allows.
   * @default memory of this process, with one warning (`process.emitWarning`): tasks end with the process
   */
  readonly store?: TaskStore | undefined;
  /**
   * Jobs behind ordinary tools of this server (start, status, cancel), by the name to call: a call of that name becomes
   * a task. A function receives the server's name and version. @default none
   * @example
   * { build: { start: { tool: 'create_build', id: '/number' },
   *   status: { tool: 'get_build', arguments: { build_number: '{id}' }, state: '/state',
   *     map: { working: ['running'], completed: ['passed'], failed: ['failed'] } } } }
   */
  readonly jobs?: JobsOption | undefined;
  /**
   * Which finished calls stay on record. `tasks`: the record of a call with a plain result is deleted once the result
   * has arrived. A call in flight is always on record. @default 'all'
   */
  readonly record?: 'tasks' | 'all' | undefined;
  /**
   * Deletes records of this store that settled longer ago than this, in ms; runs at start and every hour.
   * @default never
   */
  readonly keepSettledMs?: number | undefined;
  /** Time and randomness, for tests. @default the system's */
  readonly clock?: Clock | undefined;
  /** The owner name of leases; must differ between processes. @default from the store, or a random id */
  readonly owner?: string | undefined;
  /** The minimum delay between two polls, in ms. The server's interval applies if it is longer. @default 0 */
  readonly minPollIntervalMs?: number | undefined;
  /**
   * The timeout of one `tasks/get`, `tasks/update` or `tasks/cancel`, in ms; then it is retried. A call, and the stream
   * of a result, have no timeout. @default 30_000
   */
  readonly requestTimeoutMs?: number | undefined;
  /**
   * The maximum number of requests in flight at the server. The actual limit adapts: it grows while responses stay
   * fast, and is halved on 429, 503 and timeouts. The first client of a server in a process decides.
   * @default 64, the maximum of a process
   */
  readonly maxInFlight?: number | undefined;
  /** The number of consecutive failures after which `outcome()` returns `unreachable`. Polling continues. @default 5 */
  readonly maxFailures?: number | undefined;
  /**
   * Called when a task is started or resumed; its requests then carry `traceparent` and `tracestate` in their `_meta`.
   * @default no tracing
   * @example
   * import { context, propagation } from '@opentelemetry/api';
   * const trace = () => {
   *   const carrier = {};
   *   propagation.inject(context.active(), carrier);
   *   return carrier;
   * };
   */
  readonly trace?: () => TraceContext | undefined;
  /**
   * Watch only: sends no answer and no cancel; borrows the lease for each poll and leaves it free for others.
   * @default false
   */
  readonly observe?: boolean | undefined;
  /**
   * False: only starts tasks. Each task is released when the server has made it, for a worker on the same store
   * (`createTaskWorker`) to drive and deliver; here it is followed through its record. @default true
   */
  readonly lead?: boolean | undefined;
}

/** A task that was started elsewhere. */
export interface AdoptRequest {
  /** The task id from the server's list. */
  readonly taskId: string;
  /** Labels of the host. @default none */
  readonly labels?: Readonly<Record<string, string>> | undefined;
}

/** The tasks whose events to receive. */
export interface EventFilter {
  /** Only those with all of these labels. @default all */
  readonly labels?: Readonly<Record<string, string>> | undefined;
  /**
   * First follows the open tasks on record that match the filter, as after a restart. With `connect` it connects, and
   * the first `next()` throws when that fails.
   * @default false
   */
  readonly followOpen?: boolean | undefined;
}

/** The tasks of this server to list. */
export interface TaskFilter {
  /** Only those that are not settled. @default false */
  readonly open?: boolean | undefined;
  /** Only open ones with an open question. @default false */
  readonly asking?: boolean | undefined;
  /** Only those with all of these labels. */
  readonly labels?: Readonly<Record<string, string>> | undefined;
  /** Only those with this key. */
  readonly key?: string | undefined;
  /** Only those that changed at this instant or later, in ms since the epoch: for example since a host went down. */
  readonly since?: number | undefined;
  /** The maximum of records. @default all */
  readonly limit?: number | undefined;
  /** The `next` of the previous page. @default from the beginning */
  readonly after?: string | undefined;
}

/**
 * The tasks of one server: starts, lists, follows and resumes them, and reports their events.
 * @example
 * const result = await tasks.run({ name: 'report', arguments: { topic: 'whales' } }, { timeoutMs: 3_600_000 });
 * console.log(result.content);
 *
 * const task = await tasks.start({ name: 'deploy', arguments: { env: 'staging' }, key: 'deploy:staging' });
 * console.log(task.id); // on disk: any process on the store can follow it
 */
export interface TaskClient {
  /**
   * The server's identity, and what was negotiated.
   * @throws {TaskError} `closed` with `connect`, before the first request
   */
  readonly connection: Connection;
  /**
   * All tools, every page of the list.
   * @throws {TaskError} `invalid-response`
   * @throws {ConnectionFailure} when the request fails
   */
  listTools(options?: { readonly signal?: AbortSignal | undefined }): Promise<readonly ToolDescription[]>;
  /**
   * Calls a tool and waits for its result, without a limit; for code that does not use tasks. No request timeout ends
   * it. A result with `isError` is a result.
   * @throws {TaskError} for every end except `completed`: the errors of `start` and `accepted()`, `task-failed`,
   * `task-cancelled`, `task-expired`, `unreachable`, `timed-out`, `aborted`, `answer-invalid`, `input-required`
   */
  run(request: CallRequest, options?: RunOptions): Promise<CallToolResult>;
  /**
   * Calls a tool, once: a lost request is never sent again. The record is saved under a lease before anything is sent;
   * `accepted()` waits for the response. The server decides whether the call becomes a task under the Tasks extension
   * (SEP-2663), the tool's `execution.taskSupport` under 2025-11-25. Never throws for the server's response to the
   * call.
   * @throws {TaskError} `call-invalid`, `key-conflict`, `aborted`, `store-unwritable`; `closed` when this client, or
   * its connection, has ended; with `connect` its errors. In each case nothing was called, and nothing is on record
   */
  start(request: StartRequest): Promise<FollowedTask>;
  /**
   * A handle, synchronously and without the network: by local id, task id, or a prefix of either. The record is read,
   * and the task followed, on demand.
   */
  get(id: string): TaskHandle;
  /**
   * The recorded tasks of this server and account, a page at a time: open ones first, then newest first. Before the
   * first connection it opens one, unless the option `identity` is given.
   */
  list(filter?: TaskFilter): Promise<RecordPage>;
  /**
   * The updates of every task followed here, also of those resumed later, beginning with the current state of each.
   * Ends with `close()`. After a restart no task is followed yet: `followOpen` follows those on record.
   */
  events(filter?: EventFilter): AsyncIterableIterator<TaskUpdate>;
  /**
   * Tasks that the server lists (2025-11-25 `tasks/list`) and this store has no record of: started elsewhere. Nothing
   * is written or followed until `adopt`. Empty if the server cannot list.
   */
  listUnrecorded(): Promise<readonly TaskRecord[]>;
  /**
   * Records a task that the server lists, and follows it from now on.
   * @throws {TaskError} `not-found` when it is not listed, or is on record already; `closed`
   */
  adopt(request: AdoptRequest): Promise<FollowedTask>;
  /**
   * Follows a job that was started elsewhere, by its mapping in `jobs`. An open record of the job is reused; a settled
   * one is not.
   * @throws {TaskError} `not-found` for no such mapping, `call-invalid` when it does not fit the server, `closed`
   */
  follow(request: FollowRequest): Promise<FollowedTask>;
  /**
   * With `connect`: closes the open connection, and opens another one without waiting for the next attempt: after a
   * sign-in, or on a person's request. Tasks stay followed; requests in flight fail.
   * @throws {TaskError} the errors of `connect`; `closed`; `unsupported` with `connection`
   */
  reconnect(): Promise<void>;
  /** Ends all following and waiting of this client. Never cancels a task. */
  close(): Promise<void>;
  /** As `close`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}
