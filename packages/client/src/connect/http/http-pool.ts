import type { Dispatcher } from 'undici';
import { platformAgent } from './platform-agent.ts';
import type { ProxyInUse } from './proxy-for.ts';

/** Longer than most poll intervals, so that the next poll reuses its socket. A shorter `Keep-Alive` of the server wins. */
const KEEP_ALIVE_MS = 60_000;

export interface HttpPool {
  readonly dispatcher: Dispatcher;
  /** Number of sockets opened so far to this origin, or to the proxy. */
  opened(origin: string): number;
  /** Adds the proxy to an error. @default the error unchanged */
  readonly withProxy?: ((error: unknown) => unknown) | undefined;
}

let pool: Promise<HttpPool | undefined> | undefined;

/**
 * Keep-alive sockets: one pool for all connections of this process, and one per proxy. Undefined outside Node, and if
 * the host replaced the dispatcher of the platform's `fetch`.
 */
export function httpPool(proxy?: ProxyInUse): Promise<HttpPool | undefined> {
  if (proxy !== undefined) return openThrough(proxy);
  pool ??= open();
  return pool;
}

/** The pool of this proxy, shared with calls. */
async function openThrough(proxy: ProxyInUse): Promise<HttpPool | undefined> {
  if (!isNode() || platformAgent() === 'of the host') return undefined;
  const { socketsThrough, ProxyError } = await import('./proxied-fetch.ts');
  const withProxy = (error: unknown): unknown => new ProxyError(proxy, error);
  return { ...(await socketsThrough(proxy)), withProxy };
}

async function open(): Promise<HttpPool | undefined> {
  if (!isNode() || platformAgent() === 'of the host') return undefined;
  const { Agent } = await import('undici');
  // undici's default timeout of 5 min is shorter than a person's answer may take; requests have their own timeouts.
  const dispatcher = new Agent({ headersTimeout: 0, bodyTimeout: 0, keepAliveTimeout: KEEP_ALIVE_MS });
  const opened = new Map<string, number>();
  dispatcher.on('connect', ({ origin }) => opened.set(origin, (opened.get(origin) ?? 0) + 1));
  return { dispatcher, opened: (origin) => opened.get(origin) ?? 0 };
}

/** Bun and Deno have an `undici` without the parts used here. */
function isNode(): boolean {
  const { process } = globalThis as { readonly process?: Partial<NodeJS.Process> };
  const { node, bun, deno } = (process?.versions ?? {}) as Record<string, string | undefined>;
  return node !== undefined && bun === undefined && deno === undefined;
}
