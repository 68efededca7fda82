import { StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { createSharedRefresh } from '../auth/share-refresh.ts';
import { createSignIn, type SignIn } from '../auth/sign-in.ts';
import type { SignInOptions } from '../auth/sign-in-options.ts';
import type { ConnectOptions } from '../connect-port.ts';
import type { HttpFacts } from '../wire/classify.ts';
import type { DiscoveryOptions } from './answer-discovery.ts';
import { createHttpStack, type HttpStack } from './http-stack.ts';
import { createHttpWatch } from './http-watch.ts';
import { createRepair } from './repair-responses.ts';

/** A transport of this library, with its sign-in and its last HTTP response. */
export interface HttpSetup {
  readonly transport: StreamableHTTPClientTransport;
  readonly signIn: SignIn;
  /** Address, headers and HTTP stack of the transport, for other senders to the same server. */
  readonly address: { readonly url: URL; readonly headers: Record<string, string>; readonly stack: HttpStack };
  lastFacts(): HttpFacts | undefined;
}

export function createHttpTransport(
  url: string,
  options: ConnectOptions & SignInOptions,
  discovery: DiscoveryOptions,
  session: { readonly sessionId: string; readonly revision: string } | undefined,
): HttpSetup {
  const { address, headers } = addressOf(url, options);
  const stack = createHttpStack(options);
  const watch = createHttpWatch({
    isInSession: () => transport.sessionId !== undefined,
    fetch: stack.fetch,
    repair: createRepair(discovery),
  });
  const refresh = createSharedRefresh(watch.fetch);
  const transport: StreamableHTTPClientTransport = new StreamableHTTPClientTransport(address, {
    fetch: refresh.fetch,
    requestInit: { headers },
    ...(options.authProvider === undefined ? {} : { authProvider: options.authProvider }),
    // A stream may wait for a person: retry it more often than the default of 2.
    reconnectionOptions: {
      initialReconnectionDelay: 1_000,
      maxReconnectionDelay: 30_000,
      reconnectionDelayGrowFactor: 1.5,
      maxRetries: 5,
    },
    ...(session === undefined ? {} : { sessionId: session.sessionId, protocolVersion: session.revision }),
  });
  const signIn = createSignIn(watch.run, transport, refresh, options);
  return { transport, signIn, address: { url: address, headers, stack }, lastFacts: () => watch.last };
}

/** Moves user and password from the URL to a header: `fetch` refuses such a URL. */
export function addressOf(
  url: string,
  options: Pick<ConnectOptions, 'headers'>,
): { readonly address: URL; readonly headers: Record<string, string> } {
  const address = new URL(url);
  const { username, password } = address;
  if (username === '' && password === '') return { address, headers: { ...options.headers } };
  address.username = '';
  address.password = '';
  const credentials = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64');
  return { address, headers: { authorization: `Basic ${credentials}`, ...options.headers } };
}
