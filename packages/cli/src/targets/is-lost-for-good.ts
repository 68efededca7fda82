import type { TaskRecord } from '@mcp-tasks/client';

/** True for a call without a reply that the protocol of its server cannot look up. */
export async function isLostForGood(record: TaskRecord): Promise<boolean> {
  if (record.phase !== 'intent' || record.protocol === undefined) return record.phase === 'intent';
  const { loadDialect } = await import('@mcp-tasks/client/connect');
  return (await loadDialect(record))?.find === undefined;
}
