import type { StartRequest, TaskRecord } from '@mcp-tasks/client';

type Names = Pick<StartRequest, 'rerunOf' | 'labels' | 'audience' | 'key' | 'onExisting'>;

/**
 * What a call that is made again keeps of its record: labels, audience, and the key once the record is settled. Before
 * that the record itself holds the key, and a call with it would join the old task.
 */
export function namesForRerun(record: TaskRecord | undefined): Names {
  if (record === undefined) return {};
  const { id: rerunOf, labels, audience, key, phase } = record;
  const keyed = phase === 'settled' && key !== undefined ? ({ key, onExisting: 'refuse' } as const) : {};
  return { rerunOf, labels, audience, ...keyed };
}
