/** Stable error codes for callers to branch on; the command line maps each to an exit code. */
export type TaskErrorCode =
  /** Your signal ended the wait; the task or call continues. */
  | 'aborted'
  /** The task has ended: it accepts no answer and no cancel. */
  | 'already-settled'
  /** The id or prefix matches several records, or the id already exists. */
  | 'ambiguous-id'
  /** The answer does not fit the question's schema; nothing was sent. */
  | 'answer-invalid'
  /** The server requires a sign-in; the request was not accepted. */
  | 'auth-required'
  /** The call cannot be sent: it names no tool, or holds a value that JSON cannot express. Nothing was sent. */
  | 'call-invalid'
  /** The client or connection was closed, or was never connected. */
  | 'closed'
  /** The connection dropped before the response to a call: the call may have run. */
  | 'connection-lost'
  /** Only unanswered questions remain. */
  | 'input-required'
  /** The response of the server breaks the protocol. */
  | 'invalid-response'
  /** An open call has this key: with other arguments, or joining was not allowed. */
  | 'key-conflict'
  /** The question is for other people; nothing was sent. */
  | 'not-allowed'
  /** No such record, or no such task to adopt. */
  | 'not-found'
  /** The server now asks another question under this key. */
  | 'question-changed'
  /** No open question with this key. */
  | 'question-not-open'
  /** The server refused or failed: see the message, and the JSON-RPC error in `cause`. */
  | 'rpc-error'
  /** The record is of another server, account or revision, or the server came back under another revision. */
  | 'server-changed'
  /** The store cannot read its records. */
  | 'store-corrupt'
  /** The records were written by a newer version. */
  | 'store-too-new'
  /** Other users of the machine can write to the folder of the records. */
  | 'store-unsafe'
  /** The records cannot be written. */
  | 'store-unwritable'
  /** The command, or the host name, does not exist. */
  | 'target-not-found'
  /** The task was cancelled. */
  | 'task-cancelled'
  /** The server no longer knows the task. */
  | 'task-expired'
  /** The server reported the task as failed. */
  | 'task-failed'
  /** The timeout expired; the task or call continues. */
  | 'timed-out'
  /** The server cannot be reached; the task is still open. */
  | 'unreachable'
  /** The operation is not supported here: see the message. */
  | 'unsupported';

/** One problem in a value, and its place. */
export interface TaskProblem {
  /** A JSON pointer into the value, such as `/approve`; empty for the whole value. */
  readonly path: string;
  /** The problem, for people. */
  readonly message: string;
}

/** The details of an error beside its message. */
export interface TaskErrorDetails {
  /** The next step for a person, in one sentence. */
  readonly hint?: string | undefined;
  /** The underlying error. */
  readonly cause?: unknown;
  /** Each problem of the value (`answer-invalid`). @default none */
  readonly problems?: readonly TaskProblem[] | undefined;
}

/** The brand is shared by every copy of this library in a process, as ESM and through `require`. */
const BRAND = Symbol.for('@mcp-tasks/client:TaskError');

/** The one error class of this library: a stable `code`, a message saying what happened to what, and a `hint`. */
export class TaskError extends Error {
  override readonly name = 'TaskError';
  /** The stable code to branch on. */
  readonly code: TaskErrorCode;
  /** The next step for a person. */
  readonly hint: string | undefined;
  /** Each problem of the value; empty for most codes. */
  readonly problems: readonly TaskProblem[];

  /** True for a `TaskError` of any copy of this library; `instanceof` recognizes only those of its own copy. */
  static is(error: unknown): error is TaskError {
    return error instanceof Error && Reflect.get(error, BRAND) === true;
  }

  constructor(code: TaskErrorCode, message: string, details: TaskErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.hint = details.hint;
    this.problems = details.problems ?? [];
    Object.defineProperty(this, BRAND, { value: true });
  }

  /** The output for `JSON.stringify` and structured logs; without `cause`, which may hold anything. */
  toJSON(): { name: string; code: TaskErrorCode; message: string; hint?: string; problems?: readonly TaskProblem[] } {
    const { name, code, message, hint, problems } = this;
    return {
      name,
      code,
      message,
      ...(hint === undefined ? {} : { hint }),
      ...(problems.length === 0 ? {} : { problems }),
    };
  }
}
