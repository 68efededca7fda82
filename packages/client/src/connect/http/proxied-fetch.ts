import type { Dispatcher } from 'undici';
import type { ProxyInUse } from './proxy-for.ts';

/** A request through a proxy failed. */
export class ProxyError extends Error {
  /** For people: the proxy's variable and host. */
  readonly proxy: string;

  constructor({ words }: ProxyInUse, cause: unknown) {
    super('the request through the proxy failed', { cause });
    this.proxy = words;
  }
}

const dispatchers = new Map<string, Promise<Dispatcher>>();

/** Tunnels https only; http goes to the proxy itself, since many proxies tunnel to port 443 alone. */
async function openDispatcher(url: string): Promise<Dispatcher> {
  const { ProxyAgent } = await import('undici');
  const agent = new ProxyAgent({ uri: url, proxyTunnel: false });
  // undici's default timeout of 5 min is shorter than a person's answer may take; requests have their own timeouts.
  return agent.compose((dispatch) => (options, handler) => {
    return dispatch({ ...options, headersTimeout: 0, bodyTimeout: 0 }, handler);
  });
}

/** The sockets to this proxy: one pool for all connections of this process. */
export function dispatcherThrough({ url }: ProxyInUse): Promise<Dispatcher> {
  const opening = dispatchers.get(url) ?? openDispatcher(url);
  dispatchers.set(url, opening);
  opening.catch(() => dispatchers.delete(url));
  return opening;
}

/** Sends one request through a proxy, with undici's own `fetch`. @throws {ProxyError} */
export async function fetchThrough(
  proxy: ProxyInUse,
  input: Parameters<typeof fetch>[0],
  init: RequestInit | undefined,
): Promise<Response> {
  try {
    const dispatcher = await dispatcherThrough(proxy);
    const { fetch: send } = await import('undici');
    const target = input instanceof Request ? input.url : input;
    const response = await send(target, { ...init, dispatcher } as Parameters<typeof send>[1]);
    return response as unknown as Response;
  } catch (error) {
    if (init?.signal?.aborted) throw error;
    throw new ProxyError(proxy, error);
  }
}
