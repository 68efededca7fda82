/// <reference lib="esnext.disposable" preserve="true" />

import type { Clock } from '../clock.ts';
import type { PageRequest, RecordFilter, RecordPage } from '../store/task-store.ts';
import type { Person } from '../task/audience.ts';
import type { TaskRecord } from '../task/record.ts';
import type { Outcome } from '../task/task.ts';
import type { OutcomeOptions, Question, TaskUpdate } from './client-api.ts';

/** How a mailbox waits. */
export interface MailboxOptions {
  /**
   * How long an answer or a cancel waits for a worker, in ms. When no worker holds the task by then, `answer()` and
   * `cancel()` reject with `unreachable`; what was saved is sent as soon as a worker runs. @default 5_000
   */
  readonly workerWaitMs?: number | undefined;
  /**
   * Who reads and answers here. Their answers carry their name, and their writes are theirs in a database that knows
   * people. @default nobody: questions with an audience are read, and not answered
   */
  readonly person?: Person | undefined;
  /** Time, for tests. @default the system's */
  readonly clock?: Clock | undefined;
}

/** One task on record, whoever drives it. Each method reads the store; none connects to a server. */
export interface MailboxTask {
  /**
   * The record as it is stored now.
   * @throws {TaskError} `not-found`, `ambiguous-id`
   */
  record(): Promise<TaskRecord>;
  /**
   * Changes from now on, beginning with the present status and what is asked now; ends after `settled`, when the record
   * is forgotten, or with the mailbox. Leaving the loop ends it too.
   * @throws {TaskError} `not-found`, `ambiguous-id`, with its first value
   */
  updates(): AsyncIterableIterator<TaskUpdate>;
  /**
   * Waits until a worker has settled the task; for as long as none runs, that is until `timeoutMs` or `signal`.
   * @throws {TaskError} `not-found`, `ambiguous-id`
   */
  outcome(options?: OutcomeOptions): Promise<Outcome>;
  /**
   * What is asked under this key now, to be shown and answered. With the `digest` of what a person has read, only that.
   * Its `answer()` is checked, saved, and resolves when the worker's server acknowledged it.
   * @throws {TaskError} `not-found`, `ambiguous-id`, `question-not-open`, `question-changed`, `already-settled`
   */
  question(key: string, digest?: string): Promise<Question>;
  /**
   * Saves the wish to cancel; the worker that holds the task sends it. Resolves when the server acknowledged it.
   * @throws {TaskError} as the `cancel()` of a task client's handle, and `unreachable` when no worker holds the task
   */
  cancel(options?: { readonly signal?: AbortSignal | undefined }): Promise<void>;
  /**
   * Deletes our record; the server hears nothing, and the worker lets go of the task.
   * @throws {TaskError} `not-found`, `ambiguous-id`
   */
  forget(): Promise<void>;
}

/** The tasks of a store for a process that has no connection to any server: a web page, a webhook, a terminal. */
export interface Mailbox {
  /** A handle, at once: by local id, task id, or the beginning of either. The store is read when it is used. */
  get(reference: string): MailboxTask;
  /** Open ones first, then the newest first; all of them, or a page at a time. */
  list(filter?: RecordFilter, page?: PageRequest): Promise<RecordPage>;
  /** Ends all waiting here. What was saved stays saved, and the store stays open. */
  close(): Promise<void>;
  /** As `close`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}
