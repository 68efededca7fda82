import { TaskError } from '../errors.ts';
import { own } from '../task/own.ts';
import { isCallLost, openQuestions, type TaskRecord } from '../task/record.ts';
import type { InputRequest } from '../task/task.ts';

export function notOpenError(record: TaskRecord, key: string): TaskError {
  const { id } = record;
  if (isCallLost(record)) {
    const message = `Cannot answer "${key}": the call of task ${id} was lost`;
    return new TaskError('question-not-open', message, { hint: record.trouble });
  }
  if (record.phase === 'settled') return new TaskError('already-settled', `Task ${id} has ended; nothing was sent`);
  const state = own(record.ledger, key)?.state;
  const isAnswered = state === 'answering' || state === 'acknowledged';
  const message = isAnswered
    ? `Question "${key}" of task ${id} was answered already`
    : `Task ${id} has no open question "${key}"`;
  const open = Object.keys(openQuestions(record)).join(', ');
  return new TaskError('question-not-open', message, open === '' ? {} : { hint: `Open questions: ${open}` });
}

export function questionChangedError({ id }: TaskRecord, key: string): TaskError {
  const message = `Task ${id} now asks a different question under "${key}"; nothing was sent`;
  return new TaskError('question-changed', message, { hint: 'Read the new question, then answer.' });
}

/** The question listed under this key, answered or not. @throws {TaskError} without one */
export function listedIn(record: TaskRecord, key: string): InputRequest {
  const isOver = record.phase === 'intent' || record.phase === 'settled';
  const request = own(isOver ? {} : record.inputRequests, key);
  if (request === undefined) throw notOpenError(record, key);
  return request;
}
