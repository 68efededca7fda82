import type { TaskRecord } from '@mcp-tasks/client';

/** A call without an answer that nobody can find at its server: where the protocol has a way, it is looked for. */
export async function isLostForGood(record: TaskRecord): Promise<boolean> {
  if (record.phase !== 'intent' || record.protocol === undefined) return record.phase === 'intent';
  const { loadDialect } = await import('@mcp-tasks/client/connect');
  return (await loadDialect(record))?.find === undefined;
}
