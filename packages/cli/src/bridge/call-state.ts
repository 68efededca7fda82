import { isCallLost, type TaskRecord } from '@mcp-tasks/client';
import { isDelivered } from './bridged-records.ts';

/**
 * The state of a call for a host. `undelivered`: the call ended, and no host received its result. `lost`: the call may
 * have run, and no process is left to receive its result.
 */
export type CallState = 'running' | 'undelivered' | 'delivered' | 'lost';

export function callStateOf(record: TaskRecord, hasOwner: boolean): CallState {
  if (record.outcome !== null) return isDelivered(record) ? 'delivered' : 'undelivered';
  if (isCallLost(record) || (record.phase === 'intent' && !hasOwner)) return 'lost';
  return 'running';
}

/** Whether the call has an outcome or was lost. */
export function hasEnded(record: TaskRecord): boolean {
  return record.outcome !== null || isCallLost(record);
}

/** Whether an equal call returns this record instead of running again: undelivered, or the call may have run. */
export function isOwed(record: TaskRecord): boolean {
  return record.outcome === null ? isCallLost(record) : !isDelivered(record);
}
