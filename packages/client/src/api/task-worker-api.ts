/// <reference lib="esnext.disposable" preserve="true" />

import type { Connection, Negotiated } from '../connect/connection.ts';
import type { TaskStore } from '../store/task-store.ts';
import type { ServerIdentity } from '../task/record.ts';
import type { TaskClient, TaskClientOptions, TaskUpdate } from './client-api.ts';
import type { JobsOption } from './mapped-jobs.ts';

/** The revision and session of a server's tasks: 2025-11-25 over HTTP may keep them in a session. */
export type ServedUnder = Pick<Negotiated, 'revision' | 'sessionId'>;

type Shared = Pick<
  TaskClientOptions,
  | 'clock'
  | 'owner'
  | 'minPollIntervalMs'
  | 'requestTimeoutMs'
  | 'maxInFlight'
  | 'maxFailures'
  | 'keepSettledMs'
  | 'trace'
>;

/** Which tasks a worker drives, and how it reaches their servers. */
export interface TaskWorkerOptions extends Shared {
  /** The store of the records, shared by several workers. */
  readonly store: TaskStore;
  /**
   * Opens a connection to a server: for the first request about one of its tasks, and again after a connection ended.
   * Its second argument is the revision and session of the tasks.
   * @example
   * createTaskWorker({ store, connect: (server, under) => connect(server.target, under) });
   */
  readonly connect: (server: ServerIdentity, under: ServedUnder | undefined) => Promise<Connection>;
  /**
   * The jobs that `client(server)` starts and follows; the record of each carries its mapping to the worker that drives
   * it.
   */
  readonly jobs?: JobsOption | undefined;
  /** The maximum of tasks driven here. @default 10_000 */
  readonly maxTasks?: number | undefined;
  /**
   * Only tasks of the servers with these fingerprints: of each server, the open tasks are shared among the workers that
   * may take them. @default all
   */
  readonly fingerprints?: readonly string[] | undefined;
  /**
   * False: claims and delivers nothing. The process only starts tasks, with `client(server)`, and hands each over as
   * soon as the server has made it. @default true
   */
  readonly lead?: boolean | undefined;
}

/** Drives the open tasks of a store; several workers share them. */
export interface TaskWorker {
  /** The owner name of its leases. */
  readonly owner: string;
  /** How many tasks it drives now. */
  readonly held: number;
  /**
   * The updates of the tasks driven here, beginning with their open questions. `settled` is delivered at least once,
   * also for a task that another worker settled and did not deliver before it died. Asking for the next event
   * acknowledges the one before; if the loop is left, the last event is delivered again. One loop at a time.
   * @throws {TaskError} `unsupported` for a second loop, and for a worker with `lead: false`
   */
  events(): AsyncIterableIterator<TaskUpdate>;
  /**
   * Starts tasks of one server and hands each over as soon as the server has made it (`lead: false` of a task client):
   * any worker drives it and delivers its end. Closed when the worker stops.
   */
  client(server: ServerIdentity): TaskClient;
  /**
   * Drains: claims nothing more, waits for requests in flight and the event in hand, for `timeoutMs` (default 10_000)
   * at most, then gives its leases back, so that other workers take over at once. Cancels nothing. Call it on SIGTERM.
   */
  stop(options?: { readonly timeoutMs?: number | undefined }): Promise<void>;
  /** As `stop`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}
