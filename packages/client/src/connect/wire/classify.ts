import type { Failure } from '../../task/failure.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../task/json.ts';
import { ConnectionFailure } from '../connection.ts';
import { causesOf, codeOf, describeNetworkError } from './network-errors.ts';
import { reasonOfBody } from './reason-of-body.ts';
import { NO_CODE, tidyMessage } from './tidy-message.ts';

export const aborted: Failure = { kind: 'aborted', message: 'aborted by this client' };
export const sessionGone: Failure = { kind: 'session-gone', message: 'the server no longer has the session' };

/** Leaves room for large results; a longer message is an error, or an attack on memory. */
export const MAX_MESSAGE_BYTES = 64 * 1024 * 1024;
export const tooLong: Failure = {
  kind: 'invalid',
  message: `it sent a message of more than ${MAX_MESSAGE_BYTES >> 20} MB`,
};

/** Observed facts of an HTTP exchange. */
export interface HttpFacts {
  readonly status: number;
  readonly retryAfterMs?: number | undefined;
  readonly contentType?: string | undefined;
  /** The body of a refusal. */
  readonly text?: string | undefined;
  /** Target of a redirect that was not followed. */
  readonly location?: string | undefined;
  /** True if the response had `WWW-Authenticate`. */
  readonly wantsSignIn?: boolean | undefined;
}

/** `Retry-After`: seconds or a date. Undefined for a number too large to be a time. */
export function parseRetryAfter(value: string | null, now: number): number | undefined {
  if (value === null) return undefined;
  if (/^\s*\d+(\.\d+)?\s*$/.test(value)) {
    const afterMs = Number(value) * 1000;
    return afterMs <= Number.MAX_SAFE_INTEGER ? afterMs : undefined;
  }
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

/** A 403 is `http`; it is `auth` only if the server asks for a sign-in. */
function failureOfStatus(facts: HttpFacts, inSession: boolean): Failure {
  const { status, retryAfterMs, wantsSignIn = false } = facts;
  const message = describeStatus(facts);
  if (status === 401 || (status === 403 && wantsSignIn)) return { kind: 'auth', message };
  if (status === 404 && inSession) return sessionGone;
  return { kind: 'http', status, message, retryAfterMs };
}

function describeStatus({ status, text, location, retryAfterMs }: HttpFacts): string {
  if (location !== undefined) return `HTTP ${status}, a redirect to ${location} that is not followed`;
  const reason = reasonOfBody(text);
  const wait = retryAfterMs === undefined ? '' : `; it asks to wait ${Math.ceil(retryAfterMs / 1000)} s`;
  return `HTTP ${status}${reason === undefined ? '' : `: ${reason}`}${wait}`;
}

/** The server's JSON-RPC error, without the prefix "MCP error -32603: " that some servers add. */
export function rpcFailure(error: unknown): Extract<Failure, { kind: 'rpc' }> {
  const { error: tidy } = tidyMessage({ error: error as JsonValue }) as { readonly error: JsonObject };
  const message = String(tidy.message).replace(/^(?:MCP error -?\d+: ?)+(?=.)/, '');
  const code = tidy.code === NO_CODE ? null : (tidy.code as number);
  return { kind: 'rpc', code, message, ...(tidy.data === undefined ? {} : { data: tidy.data }) };
}

/** JSON-RPC error in a refusal's body; only one with an id answers the request. */
function rpcOf(text: unknown): ReturnType<typeof rpcFailure> | undefined {
  if (typeof text !== 'string') return undefined;
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isJsonObject(body as JsonValue)) return undefined;
  const { error, id, jsonrpc } = body as JsonObject;
  if (!isJsonObject(error) || id === null || id === undefined || jsonrpc === undefined) return undefined;
  return rpcFailure(error);
}

/** Names and codes of the SDKs' errors for an unreadable response. */
const UNREADABLE = new Set<unknown>(['SyntaxError', 'ZodError', '$ZodError', 'CLIENT_HTTP_UNEXPECTED_CONTENT']);

/** Names of the SDKs' sign-in errors, subclasses included; bundlers may append a number. */
const SIGN_IN_ERROR = /^(UnauthorizedError|OAuthError|OAuthClientFlowError)(\$\d+)?$/;

export function isSignInError(error: unknown): error is Error {
  for (let at: unknown = error; at instanceof Error; at = Object.getPrototypeOf(at)) {
    if (SIGN_IN_ERROR.test(at.constructor.name) || SIGN_IN_ERROR.test(at.name)) return true;
  }
  return false;
}

/** Message of a failed sign-in: the authorization server's reason, or a bare status. */
function describeSignInError(error: Error): string {
  const { code } = error as { readonly code?: unknown };
  if (typeof code === 'string') return `signing in failed: ${[...new Set([code, error.message])].join(', ')}`;
  return error.name === 'UnauthorizedError' || error.message === '' ? 'HTTP 401' : error.message;
}

/** Failure of a message that was not delivered, or whose response is unreadable. */
export function failureOfSend(error: unknown, facts?: HttpFacts, inSession = false): Failure {
  const known = causesOf(error).find((cause) => cause instanceof ConnectionFailure);
  if (known !== undefined) return known.failure;
  const thrown = (typeof error === 'object' && error !== null ? error : {}) as Thrown;
  const { name } = error instanceof Error ? error.constructor : Object; // SDK 1.x sets no own `name`
  if (thrown.name === 'AbortError') return aborted;
  if (isSignInError(error)) return { kind: 'auth', message: describeSignInError(error) };
  // The network failed on the way to the token endpoint; the 401 before it is not the cause.
  if (codeOf(error) !== undefined) return { kind: 'transport', message: describeNetworkError(error) };
  const status = facts !== undefined && facts.status >= 300 ? facts.status : statusOf(thrown);
  if (status !== undefined && status >= 300) {
    const text = facts?.text ?? (typeof thrown.data?.text === 'string' ? thrown.data.text : undefined);
    const failure = failureOfStatus({ ...facts, status, text }, inSession);
    // A 429 was not processed: its body is no answer.
    const isAnswer = failure.kind === 'http' && status !== 429;
    const answer = isAnswer ? rpcOf(text) : undefined;
    return answer === undefined ? failure : { ...answer, httpStatus: status };
  }
  if (facts?.contentType?.includes('html'))
    return { kind: 'invalid', message: 'it answers with an HTML page, not MCP' };
  const unexpected = name === 'StreamableHTTPError' && thrown.code === -1;
  if (
    unexpected ||
    causesOf(error).some((cause) => UNREADABLE.has(cause.name) || UNREADABLE.has((cause as Thrown).code))
  ) {
    return { kind: 'invalid', message: describeUnreadable(facts) };
  }
  return { kind: 'transport', message: describeNetworkError(error) };
}

function describeUnreadable(facts: HttpFacts | undefined): string {
  const type = facts?.contentType?.split(';', 1)[0]?.trim();
  if (type === undefined || /^(application\/json|text\/event-stream)$/i.test(type)) {
    return 'it answers with a body that is not JSON-RPC';
  }
  return `it answers with ${type}, not with JSON or a stream of events`;
}
