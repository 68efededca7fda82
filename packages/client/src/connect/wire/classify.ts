import type { Failure } from '../../task/failure.ts';
import { isJsonObject, type JsonValue } from '../../task/json.ts';
import { ConnectionFailure } from '../connection.ts';
import { causesOf, codeOf, networkWords } from './network-words.ts';

export const aborted: Failure = { kind: 'aborted', message: 'given up here' };
export const sessionGone: Failure = { kind: 'session-gone', message: 'the server has forgotten the session' };

/** A message may carry a large result; past this it is a mistake, or an attack on our memory. */
export const MAX_MESSAGE_BYTES = 64 * 1024 * 1024;
export const tooLong: Failure = {
  kind: 'invalid',
  message: `it sent a message of more than ${MAX_MESSAGE_BYTES >> 20} MB`,
};

/** What an HTTP exchange showed, as far as somebody saw it. */
export interface HttpFacts {
  readonly status: number;
  readonly retryAfterMs?: number | undefined;
  readonly contentType?: string | undefined;
}

/** `Retry-After`: seconds or a date. */
export function parseRetryAfter(value: string | null, now: number): number | undefined {
  if (value === null) return undefined;
  if (/^\s*\d+(\.\d+)?\s*$/.test(value)) return Number(value) * 1000;
  const at = Date.parse(value);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}

interface Thrown {
  readonly name?: string;
  readonly code?: unknown;
  readonly status?: unknown;
  readonly data?: { readonly status?: unknown; readonly text?: unknown };
}

function statusOf(thrown: Thrown): number | undefined {
  // SDK 2.x: `data.status`; SDK 1.x: `StreamableHTTPError.code`.
  for (const status of [thrown.data?.status, thrown.status, thrown.code]) {
    if (typeof status === 'number' && status >= 100 && status < 600) return status;
  }
  return undefined;
}

function failureOfStatus({ status, retryAfterMs }: HttpFacts, inSession: boolean): Failure {
  const message = `HTTP ${status}`;
  if (status === 401 || status === 403) return { kind: 'auth', message };
  if (status === 404 && inSession) return sessionGone;
  return { kind: 'http', status, message, retryAfterMs };
}

/** The JSON-RPC error in a refused request's body: some servers give both. */
function rpcOf(text: unknown): Failure | undefined {
  if (typeof text !== 'string') return undefined;
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return undefined;
  }
  const error = isJsonObject(body) ? body.error : undefined;
  if (!isJsonObject(error) || !isJsonObject(body) || body.id === null || body.id === undefined) return undefined;
  const { code, message, data } = error;
  if (typeof code !== 'number') return undefined;
  return { kind: 'rpc', code, message: String(message), data: data as JsonValue };
}

/** Names and codes of what the SDKs throw for an answer that cannot be read. */
const UNREADABLE = new Set<unknown>(['SyntaxError', 'ZodError', '$ZodError', 'CLIENT_HTTP_UNEXPECTED_CONTENT']);

/** What the SDKs throw when signing in did not work, subclasses included. Bundlers may number a name. */
const SIGN_IN_ERROR = /^(UnauthorizedError|OAuthError|OAuthClientFlowError)(\$\d+)?$/;

export function isSignInError(error: unknown): error is Error {
  for (let at: unknown = error; at instanceof Error; at = Object.getPrototypeOf(at)) {
    if (SIGN_IN_ERROR.test(at.constructor.name) || SIGN_IN_ERROR.test(at.name)) return true;
  }
  return false;
}

/** The plain refusal needs no words; a reason that the authorization server gave does. */
function signInWords(error: Error): string {
  const { code } = error as { readonly code?: unknown };
  if (typeof code === 'string') return `signing in failed: ${[...new Set([code, error.message])].join(', ')}`;
  return error.name === 'UnauthorizedError' || error.message === '' ? 'HTTP 401' : error.message;
}

/** Why a message could not be delivered, or its answer not be read. */
export function failureOfSend(error: unknown, facts?: HttpFacts, inSession = false): Failure {
  const known = causesOf(error).find((cause) => cause instanceof ConnectionFailure);
  if (known !== undefined) return known.failure;
  const thrown = (typeof error === 'object' && error !== null ? error : {}) as Thrown;
  const { name } = error instanceof Error ? error.constructor : Object; // SDK 1.x sets no name of its own
  if (thrown.name === 'AbortError') return aborted;
  if (isSignInError(error)) return { kind: 'auth', message: signInWords(error) };
  // The network failed on the way to where tokens come from: the refusal before it is not what stopped us.
  if (codeOf(error) !== undefined) return { kind: 'transport', message: networkWords(error) };
  const status = facts !== undefined && facts.status >= 400 ? facts.status : statusOf(thrown);
  if (status !== undefined && status >= 300) {
    const failure = failureOfStatus({ ...facts, status }, inSession);
    const plain = failure.kind === 'http' && status !== 429 && status < 500;
    return (plain ? rpcOf(thrown.data?.text) : undefined) ?? failure;
  }
  if (facts?.contentType?.includes('html'))
    return { kind: 'invalid', message: 'it answers with an HTML page, not MCP' };
  const unexpected = name === 'StreamableHTTPError' && thrown.code === -1;
  if (
    unexpected ||
    causesOf(error).some((cause) => UNREADABLE.has(cause.name) || UNREADABLE.has((cause as Thrown).code))
  ) {
    return { kind: 'invalid', message: 'it answers with something that is not JSON-RPC' };
  }
  return { kind: 'transport', message: networkWords(error) };
}
