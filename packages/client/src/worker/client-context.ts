import type { Clock } from '../clock.ts';
import type { Connection } from '../connect/connection.ts';
import type { TaskDialect } from '../protocol/dialect.ts';
import type { TaskStore } from '../store/task-store.ts';
import type { TaskRecord } from '../task/record.ts';
import type { ListedPolls } from './listed-polls.ts';
import type { RequestLimit } from './request-limit.ts';
import type { StoreWorker } from './store-worker-api.ts';
import type { StreamQuestions } from './streams/stream-questions.ts';

/** The context that all tasks of one client share. */
export interface ClientContext {
  readonly connection: Connection;
  readonly store: TaskStore;
  readonly clock: Clock;
  /** The dialect of new calls; a recorded task has the dialect of its record. */
  readonly dialect: TaskDialect;
  /** The dialect of a record; undefined for a protocol that this version does not support. */
  readonly dialectFor: (record: TaskRecord) => TaskDialect | undefined;
  readonly worker: StoreWorker;
  readonly gate: RequestLimit;
  readonly questions: StreamQuestions;
  readonly listedPolls: ListedPolls;
  readonly minPollIntervalMs: number;
  readonly requestTimeoutMs: number;
  readonly maxFailures: number;
  readonly observe: boolean;
  /** Drives nothing: calls are made here, and their tasks are left to a worker. */
  readonly handsOver: boolean;
  /** Gives leases back while the server is unreachable from here: another process may reach it. */
  standsBack(): boolean;
  /** Ends have to be delivered: the write that settles a task marks it as undelivered. */
  readonly owesEnds: boolean;
}
