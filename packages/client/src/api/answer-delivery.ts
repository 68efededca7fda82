import { TaskError } from '../errors.ts';
import { LAPSED } from '../machine/questions.ts';
import { own } from '../task/own.ts';
import { openQuestions, type TaskRecord } from '../task/record.ts';
import type { Outcome } from '../task/task.ts';
import { errorCodeOf } from '../task/verdicts.ts';
import type { KnownTask } from '../worker/followed-task.ts';
import type { Question } from './client-api.ts';

const SENT_LATER = 'It is sent as soon as the task is watched again.';

export function notOpen(record: TaskRecord, key: string): TaskError {
  const { id } = record;
  if (record.phase === 'intent') {
    const message = `Cannot answer "${key}": the call of task ${id} was lost`;
    return new TaskError('question-not-open', message, { hint: record.trouble });
  }
  if (record.phase === 'settled') return new TaskError('already-settled', `Task ${id} has ended; nothing was sent`);
  const open = Object.keys(openQuestions(record)).join(', ');
  const hint = open === '' ? 'It has no open question now.' : `Open questions: ${open}`;
  return new TaskError('question-not-open', `Task ${id} has no open question "${key}"`, { hint });
}

export function notAllowed({ id }: TaskRecord, key: string, audience: readonly string[]): TaskError {
  const message = `Question "${key}" of task ${id} is for ${audience.join(', ') || 'nobody'}; nothing was sent`;
  return new TaskError('not-allowed', message, { hint: 'Let one of them answer, and say who answers.' });
}

/** True once the server has taken the answer; undefined while pending. @throws {TaskError} if it never will */
export function isAnswerTaken(
  follower: KnownTask,
  { key, digest }: Pick<Question, 'key' | 'digest'>,
  isBeforeTask: boolean,
): true | undefined {
  const { record, condition } = follower;
  const entry = own(record.ledger, key);
  const isUnknown = record.phase === 'intent' && (condition !== null || entry?.state === 'open');
  if (isUnknown) {
    const message = `The answer to "${key}" went out, and nothing came back: ${record.trouble ?? condition?.status}`;
    const hint = 'The call may have run; it is never sent again by itself.';
    throw new TaskError('connection-lost', message, { hint });
  }
  if (follower.gone && entry?.state !== 'acknowledged') throw forgotten(record, `the answer to "${key}"`);
  const what = `The answer to "${key}" is saved, and may not have arrived`;
  // Once left, its record is from before the answer was saved, and no update follows.
  const isDeaf = follower.isLeft && record.phase !== 'settled';
  if (entry?.state === 'open' && isDeaf) throw closed(what);
  if (entry?.state === 'refused' && entry.isAnswered !== true) throw changedUnderway(record, key);
  if (entry?.state === 'open' && !isBeforeTask && entry.digest !== digest && record.phase !== 'settled')
    throw changed(record, key);
  if (entry?.state === 'open') return whyOpen(follower, key, isBeforeTask);
  if (condition !== null && record.phase !== 'settled') throw notSent(what, condition, record);
  // Answers before the task go out with the call; only its response acknowledges them.
  if (entry?.state !== 'answering' && record.phase !== 'intent') return true;
  if (follower.isLeft) throw closed(what);
  return undefined;
}

function whyOpen({ record, dialect }: KnownTask, key: string, isBeforeTask: boolean): true {
  const { id, phase, outcome, trouble } = record;
  if (phase === 'settled') {
    const reason = outcome?.error === undefined ? '' : `: ${outcome.error.message}`;
    const message = `Task ${id} ended (${outcome?.status}${reason}) before the server said that it took the answer to "${key}"`;
    throw new TaskError('already-settled', message);
  }
  // Before a task, a question that is open again belongs to the next round: the earlier one took the answer.
  if (isBeforeTask) return true;
  if (own(record.inputRequests, key) === undefined) {
    const withdrawn = `Task ${id} no longer asks "${key}"; the answer was not sent`;
    throw new TaskError('question-not-open', dialect?.traits.questions === 'requested' ? LAPSED : withdrawn);
  }
  const message = `The answer to "${key}" was not taken: ${trouble ?? 'the server refused it'}`;
  throw new TaskError('answer-invalid', message, { hint: 'Answer again.' });
}

function changedUnderway({ id }: TaskRecord, key: string): TaskError {
  const message = `Task ${id} asks something else under "${key}" by now; whether your answer arrived is not known`;
  return new TaskError('question-changed', message, { hint: 'Read the new question, then answer again.' });
}

export function changed({ id }: TaskRecord, key: string): TaskError {
  const message = `Task ${id} asks something else under "${key}" by now; nothing was sent`;
  return new TaskError('question-changed', message, { hint: 'Read the new question, then answer.' });
}

function notSent(what: string, { status, error }: Outcome, { trouble }: TaskRecord): TaskError {
  const code = status === 'auth_required' ? errorCodeOf({ status }) : 'unreachable';
  return new TaskError(code, `${what}: ${error?.message ?? trouble ?? status}`, { hint: SENT_LATER });
}

function closed(what: string): TaskError {
  return new TaskError('closed', `${what}: this client was closed`, { hint: SENT_LATER });
}

function forgotten({ id }: TaskRecord, what: string): TaskError {
  const message = `The record of task ${id} was forgotten; whether ${what} had gone out by then is not known`;
  return new TaskError('not-found', message, { hint: 'It is not sent any more.' });
}

export function finished({ id, outcome }: TaskRecord): TaskError {
  const hint = 'There is nothing left to cancel.';
  return new TaskError('already-settled', `Task ${id} has already finished: ${outcome?.status}`, { hint });
}

/** As {@link isAnswerTaken}, for the cancel request. */
export function isCancelTaken(follower: KnownTask): true | undefined {
  const { record, condition } = follower;
  if (record.cancelAcknowledgedAt !== undefined || record.outcome?.status === 'cancelled') return true;
  if (record.phase === 'settled') throw finished(record);
  if (follower.gone) throw forgotten(record, 'the wish to cancel');
  if (follower.isLeft) throw closed('The wish to cancel is saved, and may not have arrived');
  if (record.cancelRequestedAt === undefined) {
    throw new TaskError('rpc-error', `The server refused to cancel: ${record.trouble ?? 'no reason given'}`);
  }
  if (condition === null) return undefined;
  throw notSent('The wish to cancel is saved, and may not have arrived', condition, record);
}
