import type { Dispatcher } from 'undici';
import type { ProxyInUse } from './proxy-for.ts';

/** Longer than most hints, so that the next poll finds its socket; a server that says less in `Keep-Alive` is heeded. */
const KEEP_ALIVE_MS = 60_000;

export interface HttpPool {
  readonly dispatcher: Dispatcher;
  /** How many sockets were opened to this origin so far; not a number where nobody counts. */
  opened(origin: string): number;
  /** The error as it is told: with the proxy that was on the way. @default as it is */
  readonly told?: ((error: unknown) => unknown) | undefined;
}

let pool: Promise<HttpPool | undefined> | undefined;

/**
 * Sockets that stay open between requests, one pool for all connections of this process, and one for each proxy. Undefined where there is no
 * Node, or where the host has chosen how the platform's `fetch` reaches the network.
 */
export function httpPool(proxy?: ProxyInUse): Promise<HttpPool | undefined> {
  if (proxy !== undefined) return openThrough(proxy);
  pool ??= open();
  return pool;
}

/** The sockets that calls through this proxy use too. */
async function openThrough(proxy: ProxyInUse): Promise<HttpPool | undefined> {
  if (!isNode() || isChosenByHost()) return undefined;
  const { dispatcherThrough, ProxyError } = await import('./proxied-fetch.ts');
  const told = (error: unknown): unknown => new ProxyError(proxy, error);
  return { dispatcher: await dispatcherThrough(proxy), opened: () => Number.NaN, told };
}

async function open(): Promise<HttpPool | undefined> {
  if (!isNode() || isChosenByHost()) return undefined;
  const { Agent } = await import('undici');
  // A person may think longer than five silent minutes; requests have time limits of their own.
  const dispatcher = new Agent({ headersTimeout: 0, bodyTimeout: 0, keepAliveTimeout: KEEP_ALIVE_MS });
  const opened = new Map<string, number>();
  dispatcher.on('connect', ({ origin }) => opened.set(origin, (opened.get(origin) ?? 0) + 1));
  return { dispatcher, opened: (origin) => opened.get(origin) ?? 0 };
}

/** Bun and Deno have an `undici` without the parts that are used here. */
function isNode(): boolean {
  const { process } = globalThis as { readonly process?: Partial<NodeJS.Process> };
  const { node, bun, deno } = (process?.versions ?? {}) as Record<string, string | undefined>;
  return node !== undefined && bun === undefined && deno === undefined;
}

/** Somebody has set a proxy, or a double for tests, as the dispatcher of all requests. */
function isChosenByHost(): boolean {
  Reflect.get(globalThis, 'Response'); // the platform sets its dispatcher up on first use; a bundler drops `void Response`
  const platform = (globalThis as { [key: symbol]: object | undefined })[Symbol.for('undici.globalDispatcher.1')];
  return platform !== undefined && platform.constructor.name !== 'Agent';
}
