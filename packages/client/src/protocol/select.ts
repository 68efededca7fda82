import { protocolOf, type TaskRecord } from '../task/record.ts';
import type { TaskDialect } from './dialect.ts';
import { dialect as rev20251125 } from './mcp-2025-11-25/dialect.ts';
import { dialect as rev20260728 } from './mcp-2026-07-28/dialect.ts';

/** The only place that knows all dialects. Undefined for a protocol that this version does not speak. */
export function selectDialect(protocol: string, revision: string): TaskDialect | undefined {
  if (protocol !== rev20260728.protocol) return undefined;
  // Revisions are dates, so they compare; one that is newer than all is read as the newest.
  return revision >= rev20260728.revision ? rev20260728 : rev20251125;
}

/** The dialect of one record: a server may have tasks of several protocols. */
export function dialectOf(record: Pick<TaskRecord, 'protocol' | 'revision'>): TaskDialect | undefined {
  return selectDialect(protocolOf(record), record.revision);
}
