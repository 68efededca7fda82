import { isCallLost, type TaskRecord, type TaskStore } from '@mcp-tasks/client';

/**
 * The record as it stands: a call without an answer is lost when no process is left to receive one, also before
 * another process has written that down.
 */
export async function asAbandoned(record: TaskRecord, store: Pick<TaskStore, 'ownerOf'>): Promise<TaskRecord> {
  if (record.phase !== 'intent' || isCallLost(record)) return record;
  if ((await store.ownerOf(record.id)) !== undefined) return record;
  return { ...record, contact: { kind: 'lost', since: record.updatedAt } };
}
