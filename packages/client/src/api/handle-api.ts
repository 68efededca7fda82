import type { Person } from '../task/audience.ts';
import type { TaskRecord } from '../task/record.ts';
import type { InputRequest, Outcome } from '../task/task.ts';
import type { CallToolResult } from '../task/tool-result.ts';
import type { TaskChange } from '../task/updates.ts';

/** How long to wait. */
export interface OutcomeOptions {
  /** Stop waiting after this many ms with `timed_out`; the task goes on. @default no limit */
  readonly timeoutMs?: number | undefined;
  /** Stop waiting with `detached`; the task goes on. */
  readonly signal?: AbortSignal | undefined;
  /** Settle with `input_required` when only unanswered questions are left. @default false */
  readonly stopOnInput?: boolean | undefined;
}

/** How to give an answer. */
export interface AnswerOptions {
  /** Stops waiting for the acknowledgement; the answer is sent all the same. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Also answers a question that was answered already and is still listed, or that was refused because it had changed:
   * a person has decided so. @default false
   */
  readonly again?: boolean | undefined;
  /** Who answers: written down, and needed where the question has an audience. @default nobody is named */
  readonly as?: Person | undefined;
}

/** One thing that a task asks, as it was read. */
export interface Question {
  /** The server's name for it. */
  readonly key: string;
  /** The question as the protocol carries it: for elicitation `params.message` and `params.requestedSchema`. */
  readonly request: InputRequest;
  /** Names of the people and groups who may answer it; undefined: anybody. */
  readonly audience: readonly string[] | undefined;
  /** Tells it from any other question, also from one that comes under the same key; `task.question(key, digest)` takes it. */
  readonly digest: string;
  /**
   * Answers it, in the protocol's words: for elicitation `{ action: 'accept', content }`, `{ action: 'decline' }`
   * or `{ action: 'cancel' }`, for sampling what the model said. Checked against the question's schema, then written to
   * the record, then sent: as `tasks/update` of the Tasks extension (SEP-2663), or on the stream of `tasks/result`
   * (2025-11-25). When the server was last heard more than five seconds ago it is asked first whether it still asks
   * this. Resolves when the server acknowledged it (or, when another process holds the task, when that process did).
   * @throws {TaskError} `question-not-open`, `question-changed` when the server asks something else by now,
   * `not-allowed` when it is for others than `as`, `answer-invalid`, `already-settled`, `not-found` when the record was removed, `unsupported` for a client that only
   * watches; where the answer is on record but may not have arrived `unreachable`, `connection-lost` or `closed`
   */
  answer(response: Readonly<Record<string, unknown>>, options?: AnswerOptions): Promise<void>;
  /**
   * Decides who may answer this question from now on, instead of the audience of its task. Not checked: that is the
   * host's to say.
   * @throws {TaskError} `question-not-open`, `question-changed`, `already-settled`, `not-found`
   */
  assign(audience: readonly string[]): Promise<void>;
}

/** What `updates()` and `events()` yield: what changed, and the record after the change; a question can be answered. */
export type TaskUpdate =
  | Exclude<TaskChange, { readonly kind: 'question' }>
  | (Extract<TaskChange, { readonly kind: 'question' }> & { readonly question: Question });

/** What the server answered to a call. */
export type CallAnswer =
  /** The result at once; no task was made. */
  | { readonly kind: 'complete'; readonly result: CallToolResult }
  /** A task exists, or the server asked something before making one (then `taskId` of its record is still null). */
  | { readonly kind: 'task' };

/**
 * One call, and the task that was made of it. Several handles of one task share the following of it, which begins with
 * the first method that needs it; `record()`, and whatever a settled record can tell, need no network.
 */
export interface TaskHandle {
  /** The short local id; until the record was read, what `get` was given. */
  readonly id: string;
  /**
   * The record as it is now: the newest that this process knows of a task it follows, else the stored one.
   * @throws {TaskError} `not-found`, `ambiguous-id`; `server-changed` for an open task of another server
   */
  record(): Promise<TaskRecord>;
  /**
   * Begins to follow it: it is polled, and what is on record is sent. Every other method does so by itself.
   * @throws {TaskError} as `record`, and `closed` when the client, or for an open task its connection, has ended
   */
  follow(): Promise<FollowedTask>;
  /**
   * Waits until the server has answered the call and that is on record: with a task, a question, or the result.
   * @throws {TaskError} `rpc-error` when the server refused or failed, `auth-required`, `connection-lost` when the answer
   * was lost and the call may have run, `invalid-response`, `aborted`
   */
  accepted(options?: { readonly signal?: AbortSignal | undefined }): Promise<CallAnswer>;
  /**
   * Changes from now on, beginning with the present status and what is asked now; ends after `settled`, or when detached.
   * Leaving the loop ends it too, and detaches nothing.
   */
  updates(): AsyncIterableIterator<TaskUpdate>;
  /**
   * Waits until the task is settled. Never throws for what a task can do, and may be asked any number of times. When it
   * says `unreachable` or `auth_required` the task is still open, and waiting again goes on: until as many failures more,
   * or until the server was asked again and still wants a sign-in. It may be asked in a loop. `unknown` without an end on
   * record: the answer to the call was lost, and it may have run.
   */
  outcome(options?: OutcomeOptions): Promise<Outcome>;
  /**
   * What is asked under this key now, to be shown and answered. With the `digest` of what a person has read, only that.
   * @throws {TaskError} `question-not-open` when nothing is asked, `already-settled`, `question-changed` when the server
   * asks something else than what has this digest
   */
  question(key: string, digest?: string): Promise<Question>;
  /**
   * Asks the server to stop: `tasks/cancel`, an intent, after which the task may still complete. Resolves when the server
   * acknowledged it.
   * @throws {TaskError} `already-settled`, `not-found` when the record was removed, `unsupported` when there is no task yet
   * or the client only watches, `rpc-error` when the server refuses; where the wish is on record but not sent
   * `unreachable` or `closed`
   */
  cancel(options?: { readonly signal?: AbortSignal | undefined }): Promise<void>;
  /** One read now, outside the poll cadence but never faster than the hint allows twice in a row. */
  refresh(): Promise<TaskRecord>;
  /** Stops watching here. The task and its record live on. */
  detach(): void;
}

/** A task that this process follows. */
export interface FollowedTask extends TaskHandle {
  /** The newest record that this process knows. */
  readonly latest: TaskRecord;
}
