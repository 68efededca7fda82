import { dialectOf } from '../protocol/select.ts';
import type { TaskRecord } from '../task/record.ts';
import type { Outcome } from '../task/task.ts';
import { createBroadcast } from '../worker/broadcast.ts';
import { resultOfCall } from './call-result.ts';
import { settledError } from './cancel-delivery.ts';
import type { FollowedTask, TaskUpdate } from './handle-api.ts';
import { notOpenError } from './listed-question.ts';

/** A handle of a settled task: its record answers every method. */
export function createSettledTask(record: TaskRecord, outcome: Outcome): FollowedTask {
  const task: FollowedTask = {
    id: record.id,
    latest: record,
    record: async () => record,
    follow: async () => task,
    async accepted() {
      const result = resultOfCall({ record, lost: null, dialect: dialectOf(record) }, false);
      return result === undefined ? { kind: 'task' } : { kind: 'complete', result };
    },
    updates() {
      const updates = createBroadcast<TaskUpdate>();
      const end = { kind: 'settled', outcome, record } as const;
      return updates.subscribe([end], () => true);
    },
    outcome: async () => outcome,
    async question(key) {
      throw notOpenError(record, key);
    },
    async cancel() {
      throw settledError(record);
    },
    refresh: async () => record,
    detach() {},
  };
  return task;
}
