import type { Person } from '../task/audience.ts';
import type { TaskRecord } from '../task/record.ts';
import type { InputRequest, Outcome } from '../task/task.ts';
import type { CallToolResult } from '../task/tool-result.ts';
import type { TaskChange } from '../task/updates.ts';

/** The limits of waiting. */
export interface OutcomeOptions {
  /** Stop waiting after this many ms with `timed_out`; the task keeps running. @default no limit */
  readonly timeoutMs?: number | undefined;
  /** Stop waiting with `detached`; the task keeps running. */
  readonly signal?: AbortSignal | undefined;
  /** Settle with `input_required` when only unanswered questions are left. @default false */
  readonly stopOnInput?: boolean | undefined;
}

/** The options of an answer. */
export interface AnswerOptions {
  /** Stops waiting for the acknowledgement; the answer is still sent. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Also answers a question that was answered but is still listed, or one that was refused because it had changed. Only
   * for a decision of a person. @default false
   */
  readonly again?: boolean | undefined;
  /** The person who answers: recorded, and required if the question has an audience. @default no name */
  readonly as?: Person | undefined;
}

/**
 * One question of a task, as it was read.
 * @example
 * import { TaskError } from '@mcp-tasks/client';
 *
 * const question = await tasks.get(id).question('approve');
 * try {
 *   await question.answer({ action: 'accept', content: { approve: true } });
 * } catch (error) {
 *   if (TaskError.is(error)) console.log(error.code, error.hint); // for example `question-changed`
 * }
 */
export interface Question {
  /** The server's key of the question. */
  readonly key: string;
  /** The question as the protocol carries it: for elicitation `params.message` and `params.requestedSchema`. */
  readonly request: InputRequest;
  /** Names of the people and groups who may answer it; undefined: anybody. */
  readonly audience: readonly string[] | undefined;
  /** Identifies the question, also against a later one under the same key; `task.question(key, digest)` takes it. */
  readonly digest: string;
  /**
   * Answers in the form of the protocol: for elicitation `{ action: 'accept', content }`, or the action `decline` or
   * `cancel`; for sampling the output of the model. The answer is checked against the question's schema,
   * saved on the record, then sent: as `tasks/update` of the Tasks extension (SEP-2663), or on the stream of
   * `tasks/result` (2025-11-25). If the last response of the server is older than five seconds, a poll first confirms
   * that the question is still open. Resolves when the server acknowledged it, to this process or to the lease holder.
   * @throws {TaskError} `question-not-open`, `question-changed` when the server now asks another question,
   * `not-allowed` when it is for others than `as`, `answer-invalid`, `already-settled`, `not-found` when the record was
   * removed, `unsupported` for a client with `observe`; if the answer is saved but not confirmed
   * `unreachable`, `connection-lost` or `closed`
   */
  answer(response: Readonly<Record<string, unknown>>, options?: AnswerOptions): Promise<void>;
  /**
   * Sets who may answer this question, instead of the audience of its task. Not checked: the host decides who may
   * assign.
   * @throws {TaskError} `question-not-open`, `question-changed`, `already-settled`, `not-found`
   */
  assign(audience: readonly string[]): Promise<void>;
}

/** A value of `updates()` and `events()`: the change, and the record after it; a question can be answered. */
export type TaskUpdate =
  | Exclude<TaskChange, { readonly kind: 'question' }>
  | (Extract<TaskChange, { readonly kind: 'question' }> & { readonly question: Question });

/** The server's response to a call. */
export type CallAnswer =
  /** A plain result; no task was made. */
  | { readonly kind: 'complete'; readonly result: CallToolResult }
  /** A task exists, or the server asked a question before making one (then `taskId` of its record is still null). */
  | { readonly kind: 'task' };

/**
 * One call and its task. Several handles of one task share its polling, which begins with the first method that needs
 * it; `record()`, and every method of a settled task, need no network.
 * @example
 * const task = tasks.get(id);
 * for await (const update of task.updates()) {
 *   if (update.kind === 'progress') console.log(update.progress, update.total);
 * }
 * const outcome = await task.outcome({ timeoutMs: 600_000 });
 * if (outcome.status === 'completed') console.log(outcome.result);
 * else console.log(outcome.status, outcome.error?.message);
 */
export interface TaskHandle {
  /** The short local id; before the record was read, the reference that `get` was given. */
  readonly id: string;
  /**
   * The current record: the newest in memory if this process follows the task, else the stored one.
   * @throws {TaskError} `not-found`, `ambiguous-id`; `server-changed` for an open task of another server
   */
  record(): Promise<TaskRecord>;
  /**
   * Begins to follow the task: polls it, and sends saved answers and cancels. Every other method does so implicitly.
   * @throws {TaskError} as `record`, and `closed` when the client, or for an open task its connection, has ended
   */
  follow(): Promise<FollowedTask>;
  /**
   * Waits until the response to the call is on record: a task, a question, or the result.
   * @throws {TaskError} `rpc-error` when the server refused or failed, `auth-required`, `connection-lost` when the
   * response was lost and the call may have run, `invalid-response`, `aborted`
   */
  accepted(options?: { readonly signal?: AbortSignal | undefined }): Promise<CallAnswer>;
  /**
   * Changes from now on, beginning with the current status and the open questions; ends after `settled`, or when
   * detached. Leaving the loop ends the updates, and does not detach the handle.
   */
  updates(): AsyncIterableIterator<TaskUpdate>;
  /**
   * Waits until the task is settled. Never throws for anything that a task does; call it as often as you like, also in
   * a loop. After `unreachable` or `auth_required` the task is still open, and calling it again resumes waiting: it
   * returns `unreachable` after another `maxFailures` failures, `auth_required` once the server was asked again.
   * `unknown` without a recorded end: the response to the call was lost, and it may have run.
   */
  outcome(options?: OutcomeOptions): Promise<Outcome>;
  /**
   * The open question of this key, to show and answer. With the `digest` of a question that was read: only that one.
   * @throws {TaskError} `question-not-open` without an open question, `already-settled`, `question-changed` when the
   * digest differs from that of the current question
   */
  question(key: string, digest?: string): Promise<Question>;
  /**
   * Sends `tasks/cancel`: a request to stop, after which the task may still complete. Resolves when the server
   * acknowledged it.
   * @throws {TaskError} `already-settled`, `not-found` when the record was removed, `unsupported` when there is no task
   * yet or the client has `observe`, `rpc-error` when the server refuses; if the cancel is saved but not sent
   * `unreachable` or `closed`
   */
  cancel(options?: { readonly signal?: AbortSignal | undefined }): Promise<void>;
  /** Polls once now; a second refresh in a row waits for the poll interval. */
  refresh(): Promise<TaskRecord>;
  /** Stops watching here. The task and its record remain. */
  detach(): void;
}

/** A task that this process follows. */
export interface FollowedTask extends TaskHandle {
  /** The newest record that this process knows. */
  readonly latest: TaskRecord;
}
