import { isCallLost, type TaskRecord, type TaskStore } from '@mcp-tasks/client';

/** A call that may have run is over for its person once it was made again: the new record takes its place. */
export async function settleAsRerun(
  store: Pick<TaskStore, 'ownerOf' | 'update'>,
  id: string | undefined,
  newId: string,
  now: number,
): Promise<void> {
  if (id === undefined) return;
  const owner = await store.ownerOf(id).catch(() => 'not known');
  // A process that lives and holds the call may still get its answer.
  const settle = (record: TaskRecord): TaskRecord =>
    isCallLost(record) || (record.phase === 'intent' && owner === undefined) ? settled(record, newId, now) : record;
  await store.update(id, settle).catch(() => undefined);
}

function settled(record: TaskRecord, newId: string, now: number): TaskRecord {
  const message = `the call may have run, and was made again as ${newId}`;
  const history = [...record.history, { at: now, status: 'unknown', message } as const];
  const outcome = { status: 'unknown', error: { code: null, message } } as const;
  return { ...record, phase: 'settled', status: 'unknown', contact: undefined, history, outcome, updatedAt: now };
}
