import { protocolOf, type TaskRecord } from '../task/record.ts';
import type { TaskDialect } from './dialect.ts';
import { dialectOfRevision } from './mcp/dialect-of-revision.ts';

/** What decides the dialect of a record. */
export type Spoken = Pick<TaskRecord, 'protocol' | 'revision' | 'mapping'>;
/** The dialects of one protocol. Undefined for a revision, or a mapping, that this version does not know. */
export type Dialects = (spoken: Spoken) => TaskDialect | undefined;

const known = new Map<string, Dialects>([['mcp', dialectOfRevision]]);

/** Protocols that most programs never meet: each is loaded with its first record. */
const LATER = new Map<string, () => PromiseLike<{ readonly dialects: Dialects }>>([
  ['a2a', () => import('./a2a/dialect.ts')],
]);

/** What loads the dialects of a protocol; undefined where they are loaded, or where there are none. */
export function loaderOf(protocol: string): (() => PromiseLike<{ readonly dialects: Dialects }>) | undefined {
  return known.has(protocol) ? undefined : LATER.get(protocol);
}

/** Makes a protocol known that is not loaded with this module. */
export function addDialects(protocol: string, dialects: Dialects): void {
  known.set(protocol, dialects);
}

/** The dialect of one record: a server may have tasks of several protocols. Undefined for one that is not loaded. */
export function dialectOf(spoken: Spoken): TaskDialect | undefined {
  return known.get(protocolOf(spoken))?.(spoken);
}
