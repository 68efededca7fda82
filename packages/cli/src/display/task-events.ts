import type { Outcome, TaskChange, TaskRecord } from '@mcp-tasks/client';
import { unanswerableReason } from './question-text.ts';
import { describeRecord, describeTask } from './task-document.ts';

export type TaskEvent = Readonly<Record<string, unknown>> & { readonly event: string };

/** Maps updates to events of `--jsonl` and `--exec`, with the library's names. */
export function eventOf(update: TaskChange): TaskEvent {
  const task = describeTask(update.record);
  switch (update.kind) {
    case 'status':
      return { event: 'status', task };
    case 'progress': {
      const { progress, total, message } = update;
      return { event: 'progress', progress, total, message, task };
    }
    case 'question': {
      const why = unanswerableReason(update.request);
      if (why !== undefined) return { event: 'warning', message: `${update.key}: the server ${why}`, task };
      return { event: 'question', key: update.key, request: update.request, task };
    }
    case 'question-withdrawn':
      return { event: 'question-withdrawn', key: update.key, task };
    case 'warning':
      return { event: 'warning', message: update.message, task };
    case 'settled':
      return { event: 'settled', ...describeRecord(update.record, update.outcome) };
  }
}

/** Last event of a command: `settled`, or `outcome` when the waiting ended but the task continues. */
export function endEvent(record: TaskRecord, outcome: Outcome | null): TaskEvent {
  return { event: record.phase === 'settled' ? 'settled' : 'outcome', ...describeRecord(record, outcome) };
}

/** Updates that alert a person: an open question, and the end of a task. */
export type Alert = Extract<TaskChange, { kind: 'question' | 'settled' }>;

export function isAlert(update: TaskChange): update is Alert {
  return update.kind === 'settled' || (update.kind === 'question' && unanswerableReason(update.request) === undefined);
}
