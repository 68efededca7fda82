import { isCallLost, type TaskRecord } from '@mcp-tasks/client';
import { isDemoRecord } from '../targets/demo-target.ts';

/** True when the record's work ends with its server, a child of this process. */
export function endsWithServer(record: TaskRecord): boolean {
  if (record.server.target.kind !== 'command' || record.phase === 'settled') return false;
  if (isCallLost(record)) return false;
  // The demo stores tasks on disk, but not its plain calls.
  if (record.taskId === null) return true;
  return !isDemoRecord(record) && !isKeptElsewhere(record);
}

/** True for a job whose server can be polled about it later, unless its mapping says `endsWithServer`. */
export function isKeptElsewhere({ mapping, taskId }: TaskRecord): boolean {
  return mapping !== undefined && taskId !== null && mapping.endsWithServer !== true;
}

/** The record after its server was stopped with this process; how far the work got is unknown. */
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
