import { isTerminal, type TaskRecord } from '@mcp-tasks/client';
import type { Model } from './model.ts';

export function isCancellable(model: Model, record: TaskRecord): boolean {
  if (model.readOnly || record.phase !== 'open' || isTerminal(record.status)) return false;
  return record.cancelRequestedAt === undefined && !model.cancelling.has(record.id);
}

export function isForgettable(model: Model, record: TaskRecord): boolean {
  return !model.readOnly && !model.others.has(record.id);
}
