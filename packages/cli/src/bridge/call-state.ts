import type { TaskRecord } from '@mcp-tasks/client';

/**
 * What became of a call, as a host has to know it. `undelivered`: it ended, and its end reached no host.
 * `lost`: it may have run, and no process is left that could hear of its end.
 */
export type CallState = 'running' | 'undelivered' | 'delivered' | 'lost';

export function callStateOf(record: TaskRecord, hasOwner: boolean): CallState {
  if (record.outcome !== null) return typeof record.deliveredAt === 'number' ? 'delivered' : 'undelivered';
  if (record.phase === 'intent' && (record.contact?.kind === 'lost' || !hasOwner)) return 'lost';
  return 'running';
}

/** Nothing more will come: an outcome is there, or the answer to the call was lost. */
export function hasEnded({ outcome, phase, contact }: TaskRecord): boolean {
  return outcome !== null || (phase === 'intent' && contact?.kind === 'lost');
}
