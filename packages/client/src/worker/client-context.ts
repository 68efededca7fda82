import type { Clock } from '../clock.ts';
import type { Connection } from '../connect/connection.ts';
import type { TaskDialect } from '../protocol/dialect.ts';
import type { TaskStore } from '../store/task-store.ts';
import type { TaskRecord } from '../task/record.ts';
import type { RequestLimit } from './request-limit.ts';
import type { StoreWorker } from './store-worker.ts';
import type { StreamQuestions } from './streams/stream-questions.ts';

/** What all tasks of one client share. */
export interface ClientContext {
  readonly connection: Connection;
  readonly store: TaskStore;
  readonly clock: Clock;
  /** Of new calls; a task that is on record has the dialect of its record. */
  readonly dialect: TaskDialect;
  /** That of a record; undefined for a protocol that this version does not speak. */
  readonly dialectFor: (record: TaskRecord) => TaskDialect | undefined;
  readonly worker: StoreWorker;
  readonly gate: RequestLimit;
  readonly questions: StreamQuestions;
  readonly minPollIntervalMs: number;
  readonly requestTimeoutMs: number;
  readonly maxFailures: number;
  readonly observe: boolean;
  /** Drives nothing: a call is made here, and its task is left to a worker. */
  readonly handsOver: boolean;
  /** Leases are given back while the server is out of reach from here: another process may have a better line. */
  readonly standsBack: boolean;
  /** How a task ends is owed to somebody: it is marked as undelivered with the write that settles it. */
  readonly owesEnds: boolean;
}
