import { protocolOf } from '../task/record.ts';
import type { DialectKey, Dialects, TaskDialect } from './dialect.ts';
import { dialectOfRevision } from './mcp/dialect-of-revision.ts';

const known = new Map<string, Dialects>([['mcp', dialectOfRevision]]);

/** Protocols that few programs need; each is loaded with its first record. */
const LOADED_ON_DEMAND = new Map<string, () => PromiseLike<{ readonly dialects: Dialects }>>([
  ['a2a', () => import('./a2a/dialect.ts')],
  ['jobs', () => import('./jobs/dialects.ts')],
]);

/** The loader of a protocol's dialects; undefined if they are loaded, or do not exist. */
export function loaderOf(protocol: string): (() => PromiseLike<{ readonly dialects: Dialects }>) | undefined {
  return known.has(protocol) ? undefined : LOADED_ON_DEMAND.get(protocol);
}

/** Registers the dialects of a protocol that is loaded on demand. */
export function addDialects(protocol: string, dialects: Dialects): void {
  known.set(protocol, dialects);
}

/** The dialect of one record: a server may have tasks of several protocols. Undefined if it is not loaded. */
export function dialectOf(key: DialectKey): TaskDialect | undefined {
  return known.get(protocolOf(key))?.(key);
}
