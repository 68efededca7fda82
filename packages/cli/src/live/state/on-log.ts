import type { TaskRecord } from '@mcp-tasks/client';
import type { LogMessage } from '../../targets/listen-to-logs.ts';
import type { LogEntry, Model } from './model.ts';

/** Maximum number of log messages kept per server. */
const MAX_KEPT = 50;
/** Maximum number of log messages on the page of a task. */
const MAX_SHOWN = 10;

export function onLog(model: Model, message: LogMessage): Model {
  const before = model.logs.get(message.fingerprint) ?? [];
  const after = [...before.slice(1 - MAX_KEPT), { ...message, at: model.now }];
  return { ...model, logs: new Map([...model.logs, [message.fingerprint, after]]) };
}

/** Log messages that the server sent while the task was open, without those it ties to another task. */
export function logsOf({ logs }: Model, record: TaskRecord): readonly LogEntry[] {
  const { createdAt, updatedAt, phase, taskId, server } = record;
  const end = phase === 'settled' ? updatedAt : Number.POSITIVE_INFINITY;
  const of = logs.get(server.fingerprint) ?? [];
  return of
    .filter((entry) =>
      entry.taskId === undefined ? entry.at >= createdAt && entry.at <= end : entry.taskId === taskId,
    )
    .slice(-MAX_SHOWN);
}
