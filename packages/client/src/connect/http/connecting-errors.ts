import { TaskError } from '../../errors.ts';
import { ConnectionFailure, type Failure } from '../connection.ts';
import { failureOfSend, type HttpFacts } from '../wire/classify.ts';
import { refusalOf } from '../wire/handshake.ts';
import { LateError } from '../wire/open-client.ts';
import { proxyFor } from './proxy-for.ts';

const ENDPOINT_HINT = 'Is this the address of an MCP endpoint? It often ends in /mcp.';

/** True for a timeout, of this library or of the SDK. */
export function isLate(error: unknown): boolean {
  if (error instanceof LateError) return error.reason === 'late';
  if (error instanceof ConnectionFailure) return error.failure.kind === 'timeout';
  return (error as { code?: unknown })?.code === 'REQUEST_TIMEOUT';
}

/** Why connecting failed: the handshake's refusal, else the HTTP response. */
export function failureOfConnecting(error: unknown, facts: HttpFacts | undefined): Failure {
  if (error instanceof ConnectionFailure) return error.failure;
  const isSeen = facts === undefined || facts.status < 300;
  return (isSeen ? refusalOf(error) : undefined) ?? failureOfSend(error, facts);
}

export function asTaskError(thrown: unknown, url: string, failure: Failure): TaskError {
  if (thrown instanceof LateError) return new TaskError('aborted', `Connecting to ${url} was aborted`);
  const cause = new ConnectionFailure(failure, thrown);
  switch (failure.kind) {
    case 'aborted':
      return new TaskError('aborted', `Connecting to ${url} was aborted`);
    case 'auth': {
      const hint = 'Pass a token, for example in an Authorization header.';
      return new TaskError('auth-required', `${url} requires a sign-in (${failure.message})`, { hint, cause });
    }
    case 'http':
      return refusedByStatus(failure, url, cause);
    case 'invalid': {
      const what = failure.message.replace(/^it /, '');
      return new TaskError('invalid-response', `${url} ${what}`, { hint: ENDPOINT_HINT, cause });
    }
    case 'rpc': {
      const code = failure.code === null ? '' : ` (${failure.code})`;
      return new TaskError('rpc-error', `${url} refused the connection: ${failure.message}${code}`, { cause });
    }
    default: {
      if (failure.message.startsWith(PROXY_REFUSED)) return refusedByProxy(url, cause);
      const hint = 'Is the server running, and is the address right?';
      return new TaskError('unreachable', `${url} cannot be reached: ${failure.message}`, { hint, cause });
    }
  }
}

const PROXY_AUTHENTICATION = 407;
/** Start of the error message of a proxy that requires credentials (`network-errors.ts`). */
const PROXY_REFUSED = `the proxy answers HTTP ${PROXY_AUTHENTICATION}`;

function refusedByProxy(url: string, cause: Error): TaskError {
  const proxy = proxyFor(new URL(url));
  const where = proxy === undefined ? 'a proxy' : `the proxy of ${proxy.label},`;
  const variable = proxy?.variable ?? 'HTTPS_PROXY';
  const hint = hasUser(proxy?.url)
    ? `It rejects the user and password in ${variable}.`
    : `Put them into the variable: ${variable}=http://USER:PASSWORD@HOST:PORT`;
  const message = `${url} cannot be reached: ${where} requires a user and a password (HTTP ${PROXY_AUTHENTICATION})`;
  return new TaskError('unreachable', message, { hint, cause });
}

function hasUser(url: string | undefined): boolean {
  return url !== undefined && URL.canParse(url) && new URL(url).username !== '';
}

function refusedByStatus(failure: Extract<Failure, { kind: 'http' }>, url: string, cause: Error): TaskError {
  const { status, message } = failure;
  if (status >= 500 || status === 429) return new TaskError('unreachable', `${url} answers ${message}`, { cause });
  if (status < 400) {
    const hint = 'Use the address that it redirects to, if that is the server you mean.';
    return new TaskError('invalid-response', `${url} answers ${message}`, { hint, cause });
  }
  if (status === 403) {
    const hint = 'It refused access. If it requires a token, pass one in an Authorization header.';
    return new TaskError('invalid-response', `${url} answers ${message}`, { hint, cause });
  }
  const isBare = message === `HTTP ${status}`;
  const answer = isBare ? `${message}, not MCP` : message;
  return new TaskError('invalid-response', `${url} answers ${answer}`, { hint: ENDPOINT_HINT, cause });
}
