import type { StartRequest, TaskRecord } from '@mcp-tasks/client';

export type RerunNames = Pick<StartRequest, 'rerunOf' | 'labels' | 'audience' | 'key' | 'onExisting'>;

/**
 * Labels, audience and (of a settled record only) the key for a repeated call. An unsettled record holds its key: a new
 * call with it would join the old task.
 */
export function namesForRerun(record: TaskRecord | undefined): RerunNames {
  if (record === undefined) return {};
  const { id: rerunOf, labels, audience, key, phase } = record;
  const keyed = phase === 'settled' && key !== undefined ? ({ key, onExisting: 'refuse' } as const) : {};
  return { rerunOf, labels, audience, ...keyed };
}
