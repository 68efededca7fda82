import type { TaskRecord } from '../../task/record.ts';
import { compareRecords, isMatching, pageOf } from '../record-rules.ts';
import type { TaskStore } from '../task-store.ts';
import type { Records } from './records.ts';

/** The store's methods that read records. */
export function createRecordSearch(records: Records): Pick<TaskStore, 'read' | 'find' | 'list'> {
  function findByPrefix(prefix: string): readonly TaskRecord[] {
    const exact = records.named(prefix);
    if (exact.length > 0) return [...exact].sort(compareRecords);
    const hasPrefix = (record: TaskRecord) => record.id.startsWith(prefix) || record.taskId?.startsWith(prefix);
    return records.all().filter(hasPrefix).sort(compareRecords);
  }

  return {
    read: async (id) => records.get(id),
    find: async (prefix) => ({ records: findByPrefix(prefix), skipped: [] }),
    async list(filter = {}, page = {}) {
      const matching = records.all().filter((record) => isMatching(record, filter));
      return pageOf(matching.sort(compareRecords), page);
    },
  };
}
