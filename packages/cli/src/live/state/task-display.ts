import { isCallLost, openQuestions, type TaskRecord } from '@mcp-tasks/client';
import { firstTextOf } from '../../display/render-result.ts';
import { lookOf, type TaskKind } from '../../display/task-look.ts';
import { readQuestion } from './read-question.ts';

export type FaceKind = TaskKind;

/** What a task looks like in one row: the sign, the word for it, and what there is to say. */
export interface Face {
  readonly kind: FaceKind;
  readonly word: string;
  readonly message: string;
}

/** Whether something may still happen without a person settling it: a call that got lost stays as it is. */
export function isPending(record: TaskRecord): boolean {
  return record.phase !== 'settled' && !isCallLost(record);
}

/** The last thing we asked the server about it got no answer; it is asked again. */
export function isUnheard(record: TaskRecord): boolean {
  return isPending(record) && record.contact?.kind === 'silent';
}

/** As every list has it, with what only a view that follows the tasks can tell. */
export function faceOf(record: TaskRecord): Face {
  const { kind, word, said } = lookOf(record);
  if (isCallLost(record)) return { kind, word, message: `unknown, ${said}` };
  // The process that makes the call lives: one that does not is lost, and the records of a view say so.
  if (record.phase === 'intent') return { kind: 'working', word: 'called', message: 'called, no answer yet' };
  const [asked] = Object.values(record.phase === 'settled' ? {} : openQuestions(record));
  if (asked !== undefined) return { kind: 'asks', word, message: cancelling(record, readQuestion(asked).message) };
  const { outcome } = record;
  const text = outcome?.result === undefined ? undefined : firstTextOf(outcome.result);
  if (outcome?.status === 'completed' && text !== undefined) return { kind, word, message: text };
  return { kind, word, message: said === '' && outcome?.status === 'cancelled' ? word : said };
}

/** Never painted cancelled before the server says so. */
function cancelling(record: TaskRecord, said: string): string {
  return record.cancelRequestedAt === undefined ? said : `cancellation requested · ${said}`;
}
