/// <reference lib="esnext.disposable" preserve="true" />

import type { Connection, Negotiated } from '../connect/connection.ts';
import type { TaskStore } from '../store/task-store.ts';
import type { ServerIdentity } from '../task/record.ts';
import type { TaskClient, TaskClientOptions, TaskUpdate } from './client-api.ts';
import type { JobsOption } from './mapped-jobs.ts';

/** What the tasks of a server were made under: 2025-11-25 over HTTP may keep them in a session. */
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
  /** Where the records live that several workers share. */
  readonly store: TaskStore;
  /**
   * Opens a connection to a server: when a task of it is first asked about, and again after the connection has ended.
   * It is told what the tasks were made under.
   * @example
   * createTaskWorker({ store, connect: (server, under) => connect(server.target, under) });
   */
  readonly connect: (server: ServerIdentity, under: ServedUnder | undefined) => Promise<Connection>;
  /** The jobs that `client(server)` starts and follows; the record of each carries its mapping to whoever drives it. */
  readonly jobs?: JobsOption | undefined;
  /** How many tasks are driven here at most. @default 10_000 */
  readonly maxTasks?: number | undefined;
  /** Only tasks of the servers with these fingerprints. @default all */
  readonly fingerprints?: readonly string[] | undefined;
  /**
   * False: claims and delivers nothing. The process only starts tasks, with `client(server)`, and hands each over as soon
   * as the server has made it. @default true
   */
  readonly lead?: boolean | undefined;
}

/** Drives the open tasks of a store, its share of them where several workers run. */
export interface TaskWorker {
  /** The name under which it holds its tasks. */
  readonly owner: string;
  /** How many tasks it drives now. */
  readonly held: number;
  /**
   * What happens to the tasks that are driven here, beginning with their open questions. `settled` is delivered at least
   * once, also for a task that another worker had settled and not delivered when it died: asking for the next event says
   * that the one before was handled. What was handed out last before the loop is left is delivered again. One loop at a
   * time.
   * @throws {TaskError} `unsupported` for a second loop, and for a worker that leads nothing
   */
  events(): AsyncIterableIterator<TaskUpdate>;
  /**
   * Starts tasks of one server and hands each over as soon as the server has made it (`lead: false` of a task client):
   * any worker drives it and delivers its end. Closed when the worker stops.
   */
  client(server: ServerIdentity): TaskClient;
  /**
   * Claims nothing any more, lets requests in flight and the event in hand end, for `timeoutMs` (default 10_000) at most,
   * and gives its tasks back: other workers go on at once. Cancels nothing. Call it on SIGTERM.
   */
  stop(options?: { readonly timeoutMs?: number | undefined }): Promise<void>;
  /** As `stop`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}
