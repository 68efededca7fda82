import { SSEClientTransport, SseError } from '@modelcontextprotocol/client';
import { createSharedRefresh } from '../auth/share-refresh.ts';
import { createSignIn } from '../auth/sign-in.ts';
import type { SignInOptions } from '../auth/sign-in-options.ts';
import type { ConnectOptions } from '../connect-port.ts';
import type { Connection } from '../connection.ts';
import { identify } from '../identify.ts';
import { createClient, declaredQuestions, LateError, within } from '../wire/open-client.ts';
import { overClient } from '../wire/over-client.ts';
import { asTaskError, failureOfConnecting, isLate } from './connecting-errors.ts';
import { createHttpStack } from './http-stack.ts';
import { addressOf } from './http-transport.ts';
import { createHttpWatch } from './http-watch.ts';
import { createRepair } from './repair-responses.ts';

/** Timeout for the endpoint event if HTTP+SSE is only a guess: other streams never send one. */
const ENDPOINT_MS = 5_000;

/**
 * HTTP+SSE, the transport of 2024-11-05: a GET opens the stream of responses, and its first event names the POST
 * endpoint. The SDK refuses an endpoint of another origin.
 */
export async function openSse(
  url: string,
  shown: string,
  options: ConnectOptions & SignInOptions & { readonly timeoutMs: number },
  maySignIn = true,
): Promise<Connection> {
  const { signal, hostTasks, answers } = options;
  const timeoutMs = options.transport === 'sse' ? options.timeoutMs : Math.min(ENDPOINT_MS, options.timeoutMs);
  const { address, headers } = addressOf(url, options);
  const discovery = { discoveryMs: timeoutMs, isLastAttempt: true };
  const { fetch } = createHttpStack(options);
  const watch = createHttpWatch({ isInSession: () => false, fetch, repair: createRepair(discovery) });
  const refresh = createSharedRefresh(watch.fetch);
  const transport = new SSEClientTransport(address, {
    fetch: refresh.fetch,
    requestInit: { headers },
    ...(options.authProvider === undefined ? {} : { authProvider: options.authProvider }),
  });
  const signIn = createSignIn(watch.run, transport, refresh, options);
  const hosted = { answers, ...(hostTasks === undefined ? {} : { hostTasks }) };
  const client = createClient({ timeoutMs, mode: 'legacy', ...hosted });
  const fail = (error: unknown): never => {
    if (isLate(error)) throw new LateError('late');
    throw asTaskError(error, shown, failureOfConnecting(error, watch.last));
  };
  try {
    await within(client.connect(transport, { timeout: timeoutMs }), () => client.close(), { timeoutMs, signal });
  } catch (error) {
    if (!maySignIn || !(await signIn.recover(error).catch(fail))) return fail(error);
    return openSse(url, shown, options, false);
  }
  endWithStream(transport);
  const { run, isWaiting } = signIn;
  const identity = identify({ kind: 'url', url }, options);
  return overClient(
    client,
    { identity, hostTasks: hostTasks !== undefined },
    { run, isWaiting, asked: declaredQuestions(hostTasks) },
  );
}

/** A reopened stream is a new session without the responses to earlier requests: close the transport. */
function endWithStream(transport: SSEClientTransport): void {
  const { onerror } = transport;
  transport.onerror = (error) => {
    onerror?.call(transport, error);
    if (error instanceof SseError) void transport.close();
  };
}
