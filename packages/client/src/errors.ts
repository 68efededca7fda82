/** Stable codes a caller may branch on; the command line maps them to exit codes. */
export type TaskErrorCode =
  /** A signal of yours ended the waiting; what was begun goes on. */
  | 'aborted'
  /** The task has ended: there is nothing to answer or cancel. */
  | 'already-settled'
  /** The id, or its beginning, fits several records, or is taken. */
  | 'ambiguous-id'
  /** The answer does not fit the question's schema; nothing was sent. */
  | 'answer-invalid'
  /** The server wants a sign-in; what was to be sent did not reach it. */
  | 'auth-required'
  /** The call itself cannot be sent: it names no tool, or holds a value that JSON has no form for. Nothing was sent. */
  | 'call-invalid'
  /** The client or connection was closed, or was never connected. */
  | 'closed'
  /** The line dropped before the answer to a call: it may have run. */
  | 'connection-lost'
  /** Nothing but unanswered questions is left. */
  | 'input-required'
  /** The server answered with something that is not of the protocol. */
  | 'invalid-response'
  /** An open call has this key, with other arguments, or it may not be joined. */
  | 'key-conflict'
  /** The question is for other people; nothing was sent. */
  | 'not-allowed'
  /** There is no such record, or no such task to adopt. */
  | 'not-found'
  /** The server asks something else under this key by now. */
  | 'question-changed'
  /** Nobody asks this, or it was answered. */
  | 'question-not-open'
  /** The server refused, or failed at it, with the JSON-RPC error that is the `cause`; the message says which. */
  | 'rpc-error'
  /** The record is of another server, account or revision. */
  | 'server-changed'
  /** The records cannot be read. */
  | 'store-corrupt'
  /** The records were written by a newer version. */
  | 'store-too-new'
  /** Other users of the machine can write where the records live. */
  | 'store-unsafe'
  /** The records cannot be written. */
  | 'store-unwritable'
  /** The command, or the host name, does not exist. */
  | 'target-not-found'
  /** The task was cancelled. */
  | 'task-cancelled'
  /** The server does not know the task any more. */
  | 'task-expired'
  /** The server says that the task failed. */
  | 'task-failed'
  /** Time ran out; what was begun goes on. */
  | 'timed-out'
  /** The server cannot be reached; the task is still open. */
  | 'unreachable'
  /** This cannot be done here, as the message says. */
  | 'unsupported';

/** One thing that does not fit, and where. */
export interface TaskProblem {
  /** A JSON pointer into what was given, such as `/approve`; empty for the whole of it. */
  readonly path: string;
  /** What is wrong there, for people. */
  readonly message: string;
}

/** What an error carries beside its words. */
export interface TaskErrorDetails {
  /** What a person can do next, in one sentence. */
  readonly hint?: string | undefined;
  /** What brought it about. */
  readonly cause?: unknown;
  /** One by one, what does not fit (`answer-invalid`). @default none */
  readonly problems?: readonly TaskProblem[] | undefined;
}

/** Shared by every copy of this library that a process has loaded, as ESM and through `require`. */
const BRAND = Symbol.for('@mcp-tasks/client:TaskError');

/** The one error class of this library: a stable `code`, a message saying what happened to what, and a `hint`. */
export class TaskError extends Error {
  override readonly name = 'TaskError';
  /** To branch on. */
  readonly code: TaskErrorCode;
  /** What a person can do next. */
  readonly hint: string | undefined;
  /** One by one, what does not fit; empty for most codes. */
  readonly problems: readonly TaskProblem[];

  /** Whether this is a `TaskError`, of whatever copy of this library; `instanceof` knows only those of its own copy. */
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

  /** What `JSON.stringify` and structured logs show; without the cause, which may hold anything. */
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
