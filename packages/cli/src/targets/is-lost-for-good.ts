import type { TaskRecord } from '@mcp-tasks/client';

/** A call without a reply, on a server whose protocol cannot look it up. */
export async function isLostForGood(record: TaskRecord): Promise<boolean> {
  if (record.phase !== 'intent' || record.protocol === undefined) return record.phase === 'intent';
  const { loadDialect } = await import('@mcp-tasks/client/connect');
  return (await loadDialect(record))?.find === undefined;
}
