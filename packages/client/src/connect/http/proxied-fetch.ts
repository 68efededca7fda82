import type { Dispatcher } from 'undici';
import type { ProxyInUse } from './proxy-for.ts';

/** A request through a proxy failed. */
export class ProxyError extends Error {
  /** For people: the proxy's variable and host. */
  readonly proxy: string;

  constructor({ label }: ProxyInUse, cause: unknown) {
    super('the request through the proxy failed', { cause });
    this.proxy = label;
  }
}

/** The sockets to one proxy. */
interface ProxySockets {
  readonly dispatcher: Dispatcher;
  /** Number of sockets opened so far, to any server. */
  opened(): number;
}

const sockets = new Map<string, Promise<ProxySockets>>();

/** Tunnels https only; http goes to the proxy itself, since many proxies tunnel to port 443 alone. */
async function openSockets(uri: string): Promise<ProxySockets> {
  const { Pool, ProxyAgent } = await import('undici');
  let opened = 0;
  const factory = (origin: string | URL, options: object): Dispatcher =>
    new Pool(origin, options).on('connect', () => {
      opened += 1;
    });
  const agent = new ProxyAgent({ uri, proxyTunnel: false, factory });
  // undici's default timeout of 5 min is shorter than a person's answer may take; requests have their own timeouts.
  const dispatcher = agent.compose((dispatch) => (options, handler) => {
    return dispatch({ ...options, headersTimeout: 0, bodyTimeout: 0 }, handler);
  });
  return { dispatcher, opened: () => opened };
}

/** The sockets to this proxy: one pool for all connections of this process. */
export function socketsThrough({ url }: ProxyInUse): Promise<ProxySockets> {
  const opening = sockets.get(url) ?? openSockets(url);
  sockets.set(url, opening);
  opening.catch(() => sockets.delete(url));
  return opening;
}

/** Sends one request through a proxy, with undici's own `fetch`. @throws {ProxyError} */
export async function fetchThrough(
  proxy: ProxyInUse,
  input: Parameters<typeof fetch>[0],
  init: RequestInit | undefined,
): Promise<Response> {
  try {
    const { dispatcher } = await socketsThrough(proxy);
    const { fetch: send } = await import('undici');
    const target = input instanceof Request ? input.url : input;
    const response = await send(target, { ...init, dispatcher } as Parameters<typeof send>[1]);
    return response as unknown as Response;
  } catch (error) {
    if (init?.signal?.aborted) throw error;
    throw new ProxyError(proxy, error);
  }
}
