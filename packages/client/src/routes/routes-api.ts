import type { TaskClient } from '../api/client-api.ts';
import type { Mailbox } from '../api/mailbox-api.ts';
import type { Clock } from '../clock.ts';

/** Source of the tasks: a task client, or a mailbox in a process without a connection. */
export type TaskSource = Pick<TaskClient, 'get' | 'list' | 'start'> | Pick<Mailbox, 'get' | 'list'>;

/** Rights of one caller. */
export interface Access {
  /**
   * The caller sees only tasks with all of these labels: label each call with its user, and put that label here.
   * @default none: the caller sees every task
   */
  readonly labels?: Readonly<Record<string, string>> | undefined;
  /** False refuses answers and cancels with 403. @default true */
  readonly canAct?: boolean | undefined;
}

/** Options of the task routes. */
export interface TaskRoutesOptions {
  /**
   * Authenticates a caller, by cookie or token, and returns its rights. `undefined` becomes a 401; a `Response` is sent
   * unchanged. Required: tasks contain what users typed.
   */
  readonly authorize: (request: Request) => Promise<Access | Response | undefined> | Access | Response | undefined;
  /** Base path of the routes. @default '/tasks' */
  readonly basePath?: string | undefined;
  /** Interval of keep-alive comments in an event stream, in ms: proxies close silent connections. @default 15_000 */
  readonly keepAliveMs?: number | undefined;
  /**
   * How long a request waits for the server to take a cancel or an answer, in ms; then it gets a 202: sent later.
   * @default 10_000
   */
  readonly waitMs?: number | undefined;
  /** Clock, for tests. @default the system clock */
  readonly clock?: Clock | undefined;
}
