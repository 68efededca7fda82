import type { TaskRecord } from '@mcp-tasks/client';

/** Whether the server of a call whose answer was lost may tell what came of it: where its protocol can. */
export async function mayBeFound(record: TaskRecord): Promise<boolean> {
  if (record.protocol === undefined) return false;
  const { loadDialect } = await import('@mcp-tasks/client/connect');
  return (await loadDialect(record))?.find !== undefined;
}
