import type { JsonValue } from './json.ts';
import type { ProtocolError } from './task.ts';

/** What went wrong with one request, told apart where it happens; never guessed from a message. */
export type Failure =
  /** The server answered with a JSON-RPC error. */
  | {
      readonly kind: 'rpc';
      /** The server's; null where it gave none. */
      readonly code: number | null;
      /** In the server's words. */
      readonly message: string;
      readonly data?: JsonValue | undefined;
    }
  | {
      readonly kind: 'http';
      readonly status: number;
      /** The status, and the reason in the body where there is one. */
      readonly message: string;
      /** From `Retry-After`, either form. */
      readonly retryAfterMs?: number | undefined;
    }
  /** A 401, or a 403 with `WWW-Authenticate`, that refreshing did not cure. */
  | { readonly kind: 'auth'; readonly message: string }
  /** 404 on a 2025-11-25 session: the server has forgotten it and what lived in it. */
  | { readonly kind: 'session-gone'; readonly message: string }
  /** The line broke, or never stood: ECONNREFUSED, ECONNRESET, a dead child. */
  | { readonly kind: 'transport'; readonly message: string }
  | { readonly kind: 'timeout'; readonly message: string }
  | { readonly kind: 'aborted'; readonly message: string }
  /** The answer was no JSON-RPC, or broke the protocol. */
  | { readonly kind: 'invalid'; readonly message: string };

/** A failure, and what the protocol says that it means for the request that failed. */
export type JudgedFailure = Failure & { readonly verdict: Verdict };

/** Which kind of request failed. */
export type About = 'call' | 'get' | 'update' | 'cancel' | 'result' | 'push';

/**
 * What a failure means. The protocol's dialect decides which one it is; `verdicts.ts` says what each leads to.
 * - `retry`: nothing was decided. Ask again, but for a call, which may have run and is never repeated.
 * - `expired`: the server does not know the task. Of an answer or a cancel also: it did not take it; a poll tells which.
 * - `auth`: sign in first. `refused`: the server will not do it, and did nothing.
 * - `failed`: the server tried, and it went wrong. `needs-task`: refused, since this tool is only called as a task.
 * - `no-tasks`: the server has no tasks any more. `our-bug`: what we sent is wrong.
 * - `aborted`: we gave up ourselves.
 */
export type Verdict =
  | 'retry'
  | 'expired'
  | 'auth'
  | 'refused'
  | 'failed'
  | 'needs-task'
  | 'no-tasks'
  | 'our-bug'
  | 'aborted';

/** The error as an outcome carries it. Only a JSON-RPC error has a code of the server's. */
export function errorOf(failure: Failure): ProtocolError {
  const { message } = failure;
  if (failure.kind === 'rpc') return { code: failure.code, message, data: failure.data };
  if (failure.kind === 'http') return { code: null, message, httpStatus: failure.status };
  return failure.kind === 'session-gone' ? { code: null, message, httpStatus: 404 } : { code: null, message };
}

/** True when the server itself answered with an error. */
export function isServerError(failure: Failure): boolean {
  return failure.kind === 'rpc';
}
