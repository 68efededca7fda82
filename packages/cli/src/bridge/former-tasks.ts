import type { TaskRecord, TaskStore } from '@mcp-tasks/client';
import { isOfFormerRevision } from '../keeper/one-revision.ts';
import { hasEnded } from './call-state.ts';

/**
 * Shows open tasks of a revision that the server no longer speaks as lost calls: their results cannot arrive.
 */
export function withFormerTasksLost(store: TaskStore, revision: () => string | undefined): TaskStore {
  function shown(record: TaskRecord): TaskRecord {
    if (hasEnded(record) || !isOfFormerRevision(record, revision())) return record;
    const { updatedAt: since, revision: former } = record;
    const trouble = `The task was made under ${former}, which the server does not speak any more`;
    return { ...record, phase: 'intent', status: 'unknown', contact: { kind: 'lost', since }, trouble };
  }

  return {
    ...store,
    async read(id) {
      const record = await store.read(id);
      return record && shown(record);
    },
    async find(...args) {
      const found = await store.find(...args);
      return { ...found, records: found.records.map(shown) };
    },
    async list(...args) {
      const page = await store.list(...args);
      return { ...page, records: page.records.map(shown) };
    },
  };
}
