import { isCallLost, type TaskRecord } from '@mcp-tasks/client';
import { isDelivered } from './bridged-records.ts';

/**
 * The state of a call for a host. `undelivered`: the call ended, and its result reached no host. `lost`: the call may have
 * run, and no process is left that could hear of its end.
 */
export type CallState = 'running' | 'undelivered' | 'delivered' | 'lost';

export function callStateOf(record: TaskRecord, hasOwner: boolean): CallState {
  if (record.outcome !== null) return isDelivered(record) ? 'delivered' : 'undelivered';
  if (isCallLost(record) || (record.phase === 'intent' && !hasOwner)) return 'lost';
  return 'running';
}

/** Nothing more will come: an outcome is there, or the answer to the call was lost. */
export function hasEnded(record: TaskRecord): boolean {
  return record.outcome !== null || isCallLost(record);
}
