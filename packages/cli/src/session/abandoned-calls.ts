import { isCallLost, type TaskRecord, type TaskStore } from '@mcp-tasks/client';

/**
 * Marks a call without a reply as lost when no live process holds its lease, even before another process records that.
 */
export async function asAbandoned(record: TaskRecord, store: Pick<TaskStore, 'ownerOf'>): Promise<TaskRecord> {
  if (record.phase !== 'intent' || isCallLost(record)) return record;
  if ((await store.ownerOf(record.id)) !== undefined) return record;
  return { ...record, contact: { kind: 'lost', since: record.updatedAt } };
}
