import { isCallLost, type TaskRecord } from '@mcp-tasks/client';
import { isDemoRecord } from '../targets/demo-target.ts';

/** Whether the work of this record ends when its server, a child of this process, is stopped. */
export function endsWithServer(record: TaskRecord): boolean {
  if (record.server.target.kind !== 'command' || record.phase === 'settled') return false;
  if (isCallLost(record)) return false;
  // The demo keeps its tasks on disk, and its plain calls nowhere.
  if (record.taskId === null) return true;
  return !isDemoRecord(record) && !isKeptElsewhere(record);
}

/** A job is kept where its server asks about it, unless its mapping says that it ends with the server. */
export function isKeptElsewhere({ mapping, taskId }: TaskRecord): boolean {
  return mapping !== undefined && taskId !== null && mapping.endsWithServer !== true;
}

/** The record once its server was stopped with this process. Nobody knows how far the work went. */
export function withServerStopped(record: TaskRecord, now: number): TaskRecord {
  if (!endsWithServer(record)) return record;
  const hasTask = record.taskId !== null;
  const trouble = hasTask
    ? 'its server was stopped on leaving; unless it keeps its tasks on disk, the task ended with it'
    : 'its server was stopped on leaving';
  const contact = { kind: hasTask ? 'silent' : 'lost', since: now } as const;
  const phase = hasTask ? record.phase : 'intent';
  const history = [...record.history, { at: now, status: 'unknown', message: trouble } as const];
  return { ...record, phase, status: 'unknown', contact, trouble, history, updatedAt: now };
}
