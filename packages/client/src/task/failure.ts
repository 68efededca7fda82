import type { JsonValue } from './json.ts';
import type { ProtocolError } from './task.ts';

/** The failure of one request, classified where it happens; never guessed from a message. */
export type Failure =
  /** The server answered with a JSON-RPC error. */
  | {
      readonly kind: 'rpc';
      /** The JSON-RPC code; null without one. */
      readonly code: number | null;
      /** Text of the server. */
      readonly message: string;
      readonly data?: JsonValue | undefined;
      /** HTTP status of a refusal with this error as its body. */
      readonly httpStatus?: number | undefined;
    }
  | {
      readonly kind: 'http';
      readonly status: number;
      /** The HTTP status, and the reason from the body, if any. */
      readonly message: string;
      /** From `Retry-After`, either form. */
      readonly retryAfterMs?: number | undefined;
    }
  /** A 401, or a 403 with `WWW-Authenticate`, that a token refresh did not resolve. */
  | { readonly kind: 'auth'; readonly message: string }
  /** 404 on a 2025-11-25 session: the server has dropped the session and its tasks. */
  | { readonly kind: 'session-gone'; readonly message: string }
  /** The connection broke or was never made: ECONNREFUSED, ECONNRESET, an ended child process. */
  | { readonly kind: 'transport'; readonly message: string }
  | { readonly kind: 'timeout'; readonly message: string }
  | { readonly kind: 'aborted'; readonly message: string }
  /** The response was not JSON-RPC, or broke the protocol. */
  | { readonly kind: 'invalid'; readonly message: string };

/** A failure, and the dialect's verdict on the request that failed. */
export type JudgedFailure = Failure & { readonly verdict: Verdict };

/** The kind of request that failed. */
export type About = 'call' | 'get' | 'update' | 'cancel' | 'result' | 'push';

/**
 * The meaning of a failure. The protocol's dialect decides which one it is; `verdicts.ts` maps each to an outcome.
 * - `retry`: nothing was decided. Retry, except a call: it may have run and is never repeated.
 * - `expired`: the server no longer knows the task, or did not accept an answer or a cancel; a poll shows which.
 * - `auth`: sign in first. `refused`: the server refused, and did nothing.
 * - `failed`: the server tried, and failed. `needs-task`: refused: this tool can only be called as a task.
 * - `no-tasks`: the server no longer supports tasks. `our-bug`: the request was wrong.
 * - `aborted`: the client gave up.
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

/** The error of an outcome. Only a JSON-RPC error has a code of the server. */
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
