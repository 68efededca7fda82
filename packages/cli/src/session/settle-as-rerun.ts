import { isCallLost, type TaskRecord, type TaskStore } from '@mcp-tasks/client';

/** Settles an uncertain call that was repeated: the new record replaces it. */
export async function settleAsRerun(
  store: Pick<TaskStore, 'ownerOf' | 'update'>,
  id: string | undefined,
  newId: string,
  now: number,
): Promise<void> {
  if (id === undefined) return;
  const owner = await store.ownerOf(id).catch(() => 'not known');
  // A live process that holds the call's lease may still receive its reply.
  const settle = (record: TaskRecord): TaskRecord =>
    isCallLost(record) || (record.phase === 'intent' && owner === undefined)
      ? settleAsUnknown(record, newId, now)
      : record;
  await store.update(id, settle).catch(() => undefined);
}

function settleAsUnknown(record: TaskRecord, newId: string, now: number): TaskRecord {
  const message = `the call may have run, and was made again as ${newId}`;
  const history = [...record.history, { at: now, status: 'unknown', message } as const];
  const outcome = { status: 'unknown', error: { code: null, message } } as const;
  return { ...record, phase: 'settled', status: 'unknown', contact: undefined, history, outcome, updatedAt: now };
}
