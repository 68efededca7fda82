import { TaskError } from '../../errors.ts';
import { dialect } from '../../protocol/a2a/dialect.ts';
import type { JsonObject } from '../../task/json.ts';
import type { SignInOptions } from '../auth/sign-in-options.ts';
import type { ConnectOptions } from '../connect-port.ts';
import { type Connection, ConnectionFailure } from '../connection.ts';
import { asTaskError } from '../http/connecting-errors.ts';
import { identify } from '../identify.ts';
import { aborted } from '../wire/classify.ts';
import { retryConnecting } from '../wire/retry-connecting.ts';
import { createAgentEndpoint } from './agent-endpoint.ts';
import { createAgentPush } from './agent-push.ts';
import { createCredentials } from './credentials.ts';
import { createAgentTransport } from './exchange.ts';
import { assertSupportedInterface, findCard } from './find-card.ts';
import { within } from './time-limit.ts';

const CARD_HINT = 'Give the address of its card, or the address that has .well-known/agent-card.json below it.';

/**
 * Connects to an agent: reads its card and uses its best interface. Only streams stay open between requests.
 * @throws {TaskError} `unreachable`, `auth-required`, `invalid-response`, `unsupported`, `aborted`
 */
export async function openA2a(url: string, options: ConnectOptions & SignInOptions): Promise<Connection> {
  const { timeoutMs = 30_000, signal } = options;
  const identity = identify({ kind: 'url', url, protocol: 'a2a' }, options);
  const shown = identity.target.kind === 'url' ? identity.target.url : url;
  const credentials = await createCredentials(url, options);
  const transport = createAgentTransport(credentials);
  const read = async (stop: AbortSignal | undefined) => {
    const found = await findCard(credentials.address.href, transport.exchange, stop);
    credentials.useCard(found);
    return found;
  };
  const connecting = (stop: AbortSignal) => retryConnecting(() => read(stop), { timeoutMs, signal: stop });
  const { isWaiting } = credentials;
  const card = await within(connecting, { signal, timeoutMs, isWaiting }).catch((error: unknown) => {
    throw connectError(error, shown, timeoutMs);
  });
  assertSupportedInterface(card);
  const agent = createAgentEndpoint({ exchange: transport.exchange, card, findCard: read, isWaiting });
  const notified = new Set<(method: string, params: JsonObject) => void>();
  const push = createAgentPush({
    transport,
    at: () => agent.at,
    notify(event) {
      for (const listener of [...notified]) listener('StreamResponse', event);
    },
  });
  let isClosed = false;
  return {
    identity,
    dialect,
    get negotiated() {
      return {
        protocol: dialect.protocol,
        revision: agent.at.version,
        server: { name: card.name, version: card.version },
        capabilities: {
          list: agent.at.version === '1.0',
          streaming: card.streams,
          card: card.url.href,
          interface: `${agent.at.version} ${agent.at.binding} at ${agent.at.url.href}`,
          ...(agent.mismatch === undefined ? {} : { lie: agent.mismatch }),
        },
      };
    },
    get ended() {
      return isClosed ? aborted : undefined;
    },
    request(method, params, requestOptions) {
      if (isClosed) return Promise.reject(new ConnectionFailure(aborted));
      return agent.request(method, params, requestOptions);
    },
    onRequest: () => () => undefined,
    onNotification(listener) {
      notified.add(listener);
      return () => notified.delete(listener);
    },
    onClosed: () => () => undefined,
    ...(card.streams ? { subscribe: push.subscribe } : {}),
    async close() {
      isClosed = true;
      push.close();
    },
  };
}

function connectError(error: unknown, shown: string, timeoutMs: number): TaskError {
  if (!(error instanceof ConnectionFailure)) throw error;
  const { failure } = error;
  if (failure.kind === 'timeout') {
    return new TaskError('unreachable', `${shown} did not answer within ${timeoutMs / 1000} s`, { cause: error });
  }
  if (failure.kind === 'invalid' || (failure.kind === 'http' && failure.status >= 300 && failure.status < 500)) {
    const message = `${shown} has no card of an A2A agent: ${failure.message}`;
    return new TaskError('invalid-response', message, { hint: CARD_HINT, cause: error });
  }
  return asTaskError(error, shown, failure);
}
