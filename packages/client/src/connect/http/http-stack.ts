import type { ConnectOptions } from '../connect-port.ts';
import { type HttpPool, httpPool } from './http-pool.ts';
import { platformAgent } from './platform-agent.ts';
import { proxyFor } from './proxy-for.ts';

/** The network of one connection: each of its HTTP requests goes over one of these two, in any protocol. */
export interface HttpStack {
  /** Sends calls, streams, the handshake and the sign-in; and polls, if there is no pool. */
  readonly fetch: typeof fetch;
  /** Opens the keep-alive sockets for polls of this address. Undefined if `fetch` must send them. */
  openPool(url: URL): Promise<HttpPool | undefined>;
}

/** Uses the environment's proxy and no idle timeout. A `fetch` of the host replaces both. */
export function createHttpStack({ fetch: own }: Pick<ConnectOptions, 'fetch'>): HttpStack {
  if (own !== undefined) return { fetch: own, openPool: () => Promise.resolve(undefined) };
  return { fetch: createFetchWithoutTimeout(), openPool: (url) => httpPool(proxyFor(url)) };
}

/** The platform's `fetch` at the time of the request, for clients that the host connected itself. */
export const platformFetch: typeof fetch = (input, init) => fetch(input, init);

/** undici's default timeout of 5 min is shorter than a person or a tool may take: turn it off. */
function createFetchWithoutTimeout(): typeof fetch {
  const Agent = platformAgent();
  // A dispatcher of the host takes precedence over the proxy variables.
  if (typeof Agent !== 'function') return platformFetch;
  const dispatcher = new Agent({ headersTimeout: 0, bodyTimeout: 0 });
  return async (input, init) => {
    const proxy = proxyFor(new URL(input instanceof Request ? input.url : input));
    if (proxy !== undefined) return (await import('./proxied-fetch.ts')).fetchThrough(proxy, input, init);
    return fetch(input, { ...init, dispatcher } as RequestInit);
  };
}
