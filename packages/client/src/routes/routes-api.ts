import type { TaskClient } from '../api/client-api.ts';
import type { Mailbox } from '../api/mailbox-api.ts';
import type { Clock } from '../clock.ts';

/** Where the tasks are: a task client, or a mailbox in a process that has no connection to any server. */
export type TaskSource = Pick<TaskClient, 'get' | 'list' | 'start'> | Pick<Mailbox, 'get' | 'list'>;

/** What one caller may see and do. */
export interface Access {
  /** Only tasks with all of these labels exist for the caller: give each call its user's label, and put it here. @default all */
  readonly labels?: Readonly<Record<string, string>> | undefined;
  /** False: answers and cancels are refused with 403. @default true */
  readonly canAct?: boolean | undefined;
}

/** How pages and programs of a host reach its tasks. */
export interface TaskRoutesOptions {
  /**
   * Says who asks, by cookie or token, and what that caller may see. `undefined` is answered with 401, a `Response` as
   * it is. Required: tasks hold what users typed.
   */
  readonly authorize: (request: Request) => Promise<Access | Response | undefined> | Access | Response | undefined;
  /** The path under which the routes hang. @default '/tasks' */
  readonly basePath?: string | undefined;
  /** How often an event stream with nothing to tell says so, in ms: proxies end silent connections. @default 15_000 */
  readonly keepAliveMs?: number | undefined;
  /** How long a cancel or an answer is waited for, in ms; then it is answered with 202, and is sent later. @default 10_000 */
  readonly waitMs?: number | undefined;
  /** Time, for tests. @default the system's */
  readonly clock?: Clock | undefined;
}
