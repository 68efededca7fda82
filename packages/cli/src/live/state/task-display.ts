import { isCallLost, openQuestions, type TaskRecord } from '@mcp-tasks/client';
import { firstTextOf } from '../../display/render-result.ts';
import { summaryOf, type TaskKind } from '../../display/task-summary.ts';
import { readQuestion } from './read-question.ts';

/** Display of a task in one row: kind, state word and message. */
export interface TaskDisplay {
  readonly kind: TaskKind;
  readonly word: string;
  readonly message: string;
}

/** True if the task may still change by itself; a lost call does not. */
export function isPending(record: TaskRecord): boolean {
  return record.phase !== 'settled' && !isCallLost(record);
}

/** True if the last request about the task got no reply; it is retried. */
export function isSilent(record: TaskRecord): boolean {
  return isPending(record) && record.contact?.kind === 'silent';
}

/** Display as in every list, but with the text of the open question or of the result as its message. */
export function displayOf(record: TaskRecord): TaskDisplay {
  const { kind, word, message } = summaryOf(record);
  if (isCallLost(record)) return { kind, word, message: `unknown, ${message}` };
  // The calling process is alive: otherwise the call would be recorded as lost.
  if (record.phase === 'intent') return { kind: 'working', word: 'called', message: 'called, no answer yet' };
  const [asked] = Object.values(record.phase === 'settled' ? {} : openQuestions(record));
  if (asked !== undefined)
    return { kind: 'asks', word, message: withCancelRequest(record, readQuestion(asked).message) };
  const { outcome } = record;
  const text = outcome?.result === undefined ? undefined : firstTextOf(outcome.result);
  if (outcome?.status === 'completed' && text !== undefined) return { kind, word, message: text };
  return { kind, word, message: message === '' && outcome?.status === 'cancelled' ? word : message };
}

/** Shows a requested cancellation; `cancelled` appears only when the server reports it. */
function withCancelRequest(record: TaskRecord, message: string): string {
  return record.cancelRequestedAt === undefined ? message : `cancellation requested · ${message}`;
}
