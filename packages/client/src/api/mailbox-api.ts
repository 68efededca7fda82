/// <reference lib="esnext.disposable" preserve="true" />

import type { Clock } from '../clock.ts';
import type { PageRequest, RecordFilter, RecordPage } from '../store/task-store.ts';
import type { Person } from '../task/audience.ts';
import type { TaskRecord } from '../task/record.ts';
import type { Outcome } from '../task/task.ts';
import type { OutcomeOptions, Question, TaskUpdate } from './client-api.ts';

/** The options of a mailbox. */
export interface MailboxOptions {
  /**
   * How long an answer or a cancel waits for a worker, in ms. When no worker holds the task by then, `answer()` and
   * `cancel()` reject with `unreachable`; what was saved is sent as soon as a worker runs. @default 5_000
   */
  readonly workerWaitMs?: number | undefined;
  /**
   * The person who reads and answers here. Their name is recorded with each answer, and a database with person rights
   * checks their writes. @default no person: questions with an audience can be read, not answered
   */
  readonly person?: Person | undefined;
  /** Time, for tests. @default the system's */
  readonly clock?: Clock | undefined;
}

/** One task on record, whichever process drives it. Methods read the store; none connects to a server. */
export interface MailboxTask {
  /**
   * The record as it is stored now.
   * @throws {TaskError} `not-found`, `ambiguous-id`
   */
  record(): Promise<TaskRecord>;
  /**
   * Asks the worker that holds the task to poll it once now, and waits up to `timeoutMs` for the response. After an
   * early poll the worker waits for the poll interval. Resolves to the stored record, unchanged if no worker holds the
   * task or the timeout expires. @default timeoutMs 2_000
   * @throws {TaskError} `not-found`, `ambiguous-id`
   */
  refresh(options?: { readonly timeoutMs?: number | undefined }): Promise<TaskRecord>;
  /**
   * Changes from now on, beginning with the current status and the open questions; ends after `settled`, when the
   * record is deleted, or with the mailbox. Leaving the loop ends it too.
   * @throws {TaskError} `not-found`, `ambiguous-id`, with its first value
   */
  updates(): AsyncIterableIterator<TaskUpdate>;
  /**
   * Waits until a worker has settled the task. Without a running worker it waits until `timeoutMs` or `signal`.
   * @throws {TaskError} `not-found`, `ambiguous-id`
   */
  outcome(options?: OutcomeOptions): Promise<Outcome>;
  /**
   * The open question of this key, to show and answer. With the `digest` of a question that was read: only that one.
   * Its `answer()` is checked and saved, and resolves when the server acknowledged it to the worker.
   * @throws {TaskError} `not-found`, `ambiguous-id`, `question-not-open`, `question-changed`, `already-settled`
   */
  question(key: string, digest?: string): Promise<Question>;
  /**
   * Saves the cancel request; the worker that holds the task sends it. Resolves when the server acknowledged it.
   * @throws {TaskError} as the `cancel()` of a task client's handle, and `unreachable` when no worker holds the task
   */
  cancel(options?: { readonly signal?: AbortSignal | undefined }): Promise<void>;
  /**
   * Deletes the record, and the worker stops driving the task. Nothing is sent to the server.
   * @throws {TaskError} `not-found`, `ambiguous-id`
   */
  forget(): Promise<void>;
}

/** The tasks of a store for a process without a connection to any server: a web page, a webhook, a terminal. */
export interface Mailbox {
  /** A handle, synchronously: by local id, task id, or a prefix of either. The store is read on use. */
  get(reference: string): MailboxTask;
  /** Open records first, then newest first; all, or a page at a time. */
  list(filter?: RecordFilter, page?: PageRequest): Promise<RecordPage>;
  /** Ends all waiting here. Saved answers stay saved, and the store stays open. */
  close(): Promise<void>;
  /** As `close`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}
