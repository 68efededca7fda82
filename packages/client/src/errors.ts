/** Stable codes a caller may branch on; the command line maps them to exit codes. */
export type TaskErrorCode =
  | 'aborted'
  | 'already-settled'
  | 'ambiguous-id'
  | 'answer-invalid'
  | 'auth-required'
  | 'closed'
  | 'connection-lost'
  | 'invalid-response'
  | 'not-found'
  | 'question-changed'
  | 'question-not-open'
  | 'rpc-error'
  | 'server-changed'
  | 'store-corrupt'
  | 'store-too-new'
  | 'store-unwritable'
  | 'target-not-found'
  | 'task-not-allowed'
  | 'timed-out'
  | 'unreachable'
  | 'unsupported';

export interface TaskErrorDetails {
  /** What a person can do next, in one sentence. */
  readonly hint?: string | undefined;
  readonly cause?: unknown;
}

/** The one error class of this library: a stable `code`, a message saying what happened to what, and a `hint`. */
export class TaskError extends Error {
  override readonly name = 'TaskError';
  readonly code: TaskErrorCode;
  readonly hint: string | undefined;

  constructor(code: TaskErrorCode, message: string, details: TaskErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.hint = details.hint;
  }
}
