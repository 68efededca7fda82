import { StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { TaskError } from '../../errors.ts';
import { createSharedRefresh } from '../auth/share-refresh.ts';
import { createSignIn } from '../auth/sign-in.ts';
import type { SignInOptions } from '../auth/sign-in-options.ts';
import type { ConnectOptions } from '../connect-port.ts';
import type { Connection, Negotiated } from '../connection.ts';
import { ConnectionFailure, type Failure } from '../connection.ts';
import { identify } from '../identify.ts';
import { failureOfSend } from '../wire/classify.ts';
import { wireOf } from '../wire/host.ts';
import { createClient, LateError, within } from '../wire/open-client.ts';
import { overClient } from '../wire/over-client.ts';
import { retryConnecting } from '../wire/retry-connecting.ts';
import { createHttpWatch } from './http-watch.ts';
import { pollsOf } from './polls-of.ts';

/** What a session that holds tasks of ours must offer; its server is not asked again. */
const SESSION_CAPABILITIES = { tools: {}, tasks: { cancel: {}, requests: { tools: { call: {} } } } };

export async function openHttp(url: string, options: ConnectOptions & SignInOptions): Promise<Connection> {
  const { timeoutMs = 30_000, signal } = options;
  const deadline = performance.now() + timeoutMs;
  const { target } = identify({ kind: 'url', url }, options);
  const shown = target.kind === 'url' ? target.url : url;
  const attempt = (): Promise<Connection> => {
    const leftMs = Math.max(1, deadline - performance.now());
    return openOnce(url, shown, { ...options, timeoutMs: leftMs });
  };
  try {
    return await retryConnecting(attempt, { timeoutMs, signal });
  } catch (error) {
    if (signal?.aborted || (error instanceof TaskError && error.code === 'aborted')) {
      throw new TaskError('aborted', `Connecting to ${shown} was given up`);
    }
    if (error instanceof LateError) {
      throw new TaskError('timed-out', `${shown} did not answer within ${timeoutMs / 1000} s`, { cause: error });
    }
    throw error;
  }
}

async function openOnce(
  url: string,
  shown: string,
  options: ConnectOptions & SignInOptions & { readonly timeoutMs: number },
  maySignIn = true,
): Promise<Connection> {
  const identity = identify({ kind: 'url', url }, options);
  const { timeoutMs, signal, sessionId, revision, hostTasks } = options;
  const hosted = hostTasks === undefined ? {} : { hostTasks };
  const { address, authorization } = splitUser(url);
  const session = sessionId === undefined || revision === undefined ? undefined : { sessionId, revision };
  const watch = createHttpWatch({ isInSession: () => transport.sessionId !== undefined });
  const refresh = createSharedRefresh(watch.fetch);
  const transport: StreamableHTTPClientTransport = new StreamableHTTPClientTransport(address, {
    fetch: refresh.fetch,
    requestInit: { headers: { ...authorization, ...options.headers } },
    ...(options.authProvider === undefined ? {} : { authProvider: options.authProvider }),
    // A stream that waits for a person is worth more patience than the two attempts of the default.
    reconnectionOptions: {
      initialReconnectionDelay: 1_000,
      maxReconnectionDelay: 30_000,
      reconnectionDelayGrowFactor: 1.5,
      maxRetries: 5,
    },
    ...(session === undefined ? {} : { sessionId: session.sessionId, protocolVersion: session.revision }),
  });
  const client = createClient({ timeoutMs, ...hosted });
  const { run, isWaiting, recover } = createSignIn(watch.run, transport, refresh, options);
  const fail = (error: unknown): never => {
    if (isLate(error)) throw new LateError('late');
    throw asTaskError(error, shown, watch.last === undefined ? failureOfSend(error) : failureOfSend(error, watch.last));
  };

  if (session !== undefined) {
    await client.connect(transport).catch(fail);
    const negotiated: Negotiated = {
      revision: session.revision,
      server: { name: identity.label, version: '' },
      capabilities: SESSION_CAPABILITIES,
      sessionId: session.sessionId,
    };
    const connection = overClient(
      client,
      { identity, hostTasks: hostTasks !== undefined },
      { run, isWaiting, negotiated },
    );
    await connection.request('ping', {}, { timeoutMs, signal }).catch(async (error: unknown) => {
      // A session that is gone is the tasks' matter, not the connection's.
      if (error instanceof ConnectionFailure && ['session-gone', 'rpc'].includes(error.failure.kind)) return;
      await connection.close();
      fail(error);
    });
    // Where the server asks outside a stream of ours. Not every server has it, nor twice.
    void transport.resumeStream('').catch(() => undefined);
    return connection;
  }

  try {
    await within(client.connect(transport, { timeout: timeoutMs }), () => client.close(), { timeoutMs, signal });
  } catch (error) {
    if (!maySignIn || !(await recover(error).catch(fail))) return fail(error);
    return openOnce(url, shown, options, false);
  }
  const polls = pollsOf(
    wireOf(client),
    { url: address, headers: { ...authorization, ...options.headers }, isWaiting },
    options,
  );
  return overClient(client, { identity, hostTasks: hostTasks !== undefined }, { run, isWaiting, polls });
}

/** The platform's fetch refuses a URL with a user in it. */
function splitUser(url: string): { address: URL; authorization: Record<string, string> } {
  const address = new URL(url);
  const { username, password } = address;
  if (username === '' && password === '') return { address, authorization: {} };
  address.username = '';
  address.password = '';
  const credentials = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64');
  return { address, authorization: { authorization: `Basic ${credentials}` } };
}

/** The time was over, by our clock or by the SDK's. */
function isLate(error: unknown): boolean {
  if (error instanceof LateError) return error.reason === 'late';
  if (error instanceof ConnectionFailure) return error.failure.kind === 'timeout';
  return (error as { code?: unknown })?.code === 'REQUEST_TIMEOUT';
}

function asTaskError(thrown: unknown, url: string, seen: Failure): TaskError {
  if (thrown instanceof LateError) return new TaskError('aborted', `Connecting to ${url} was given up`);
  const failure = thrown instanceof ConnectionFailure ? thrown.failure : seen;
  const error = new ConnectionFailure(failure, thrown);
  switch (failure.kind) {
    case 'aborted':
      return new TaskError('aborted', `Connecting to ${url} was given up`);
    case 'auth':
      return new TaskError('auth-required', `${url} wants authentication (${failure.message})`, {
        hint: 'Give it a token, for example in an Authorization header.',
        cause: error,
      });
    case 'http': {
      const hint = 'Is this the address of an MCP endpoint? It often ends in /mcp.';
      return failure.status >= 500 || failure.status === 429
        ? new TaskError('unreachable', `${url} answers HTTP ${failure.status}`, { cause: error })
        : new TaskError('invalid-response', `${url} answers HTTP ${failure.status}, not MCP`, { hint, cause: error });
    }
    case 'invalid': {
      const what = failure.message.replace(/^it /, '');
      const hint = 'Is this the address of an MCP endpoint? It often ends in /mcp.';
      return new TaskError('invalid-response', `${url} ${what}`, { hint, cause: error });
    }
    case 'rpc':
      return new TaskError('rpc-error', `${url} refuses to connect: ${failure.message}`, { cause: error });
    default:
      return new TaskError('unreachable', `${url} cannot be reached: ${failure.message}`, {
        hint: 'Is the server running, and is the address right?',
        cause: error,
      });
  }
}
