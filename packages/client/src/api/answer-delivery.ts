import { TaskError } from '../errors.ts';
import { LAPSED } from '../machine/questions.ts';
import { own } from '../task/own.ts';
import type { LedgerEntry, TaskRecord } from '../task/record.ts';
import type { KnownTask } from '../worker/followed-task.ts';
import { closedError, deletedError, notSentError } from './cancel-delivery.ts';
import type { Question } from './client-api.ts';
import { questionChangedError } from './listed-question.ts';

export function notAllowedError({ id }: TaskRecord, key: string, audience: readonly string[]): TaskError {
  const message = `Question "${key}" of task ${id} is for ${audience.join(', ') || 'nobody'}; nothing was sent`;
  return new TaskError('not-allowed', message, { hint: 'Answer as one of them: `as` in code, --as in a terminal.' });
}

/** A saved answer; `givenAt` distinguishes it from other answers to the same question. */
type GivenAnswer = Pick<Question, 'key' | 'digest'> & { readonly givenAt: number };

/** True once the server accepted the answer; undefined while pending. @throws {TaskError} if it never will */
export function isAnswerAccepted(
  follower: KnownTask,
  { key, digest, givenAt }: GivenAnswer,
  isBeforeTask: boolean,
): true | undefined {
  const { record, blocked } = follower;
  const entry = own(record.ledger, key);
  const isUnknown = record.phase === 'intent' && (blocked !== null || entry?.state === 'open');
  if (isUnknown) {
    const message = `Answer "${key}" was sent; no response received: ${record.trouble ?? blocked?.status}`;
    const hint = 'The call may have run; it is never sent again automatically.';
    throw new TaskError('connection-lost', message, { hint });
  }
  if (follower.isDeleted && entry?.state !== 'acknowledged') throw deletedError(record, `the answer to "${key}"`);
  const what = `The answer to "${key}" is saved, but the server has not confirmed it`;
  // A task left before the answer was saved gets no updates: its record is outdated.
  const isOutdated = follower.isLeft && record.phase !== 'settled';
  if (entry?.state === 'open' && isOutdated) throw closedError(what);
  if (entry?.state === 'refused' && entry.isAnswered !== true) throw changedInFlightError(record, key);
  if (entry?.state === 'open' && !isBeforeTask && entry.digest !== digest && record.phase !== 'settled')
    throw questionChangedError(record, key);
  if (entry?.state === 'open') return explainOpen(follower, key, isBeforeTask);
  if (isOtherAnswer(entry, givenAt)) throw otherAnswerError(record, key);
  if (blocked !== null && record.phase !== 'settled') throw notSentError(what, blocked, record);
  // Answers before the task go out with the call; only its response acknowledges them.
  if (entry?.state !== 'answering' && record.phase !== 'intent') return true;
  if (follower.isLeft) throw closedError(what);
  return undefined;
}

/** A refused answer leaves its question open: another process may answer it before this one reads the record. */
function isOtherAnswer(entry: LedgerEntry | undefined, givenAt: number): boolean {
  if (entry?.state === 'answering') return (entry.givenAt ?? entry.since) !== givenAt;
  return entry?.state === 'acknowledged' && entry.givenAt !== undefined && entry.givenAt !== givenAt;
}

function otherAnswerError({ id }: TaskRecord, key: string): TaskError {
  const message = `The answer to "${key}" of task ${id} was not taken; another answer was given after it`;
  return new TaskError('question-not-open', message);
}

function explainOpen({ record, dialect }: KnownTask, key: string, isBeforeTask: boolean): true {
  const { id, phase, outcome, trouble } = record;
  if (phase === 'settled') {
    const reason = outcome?.error === undefined ? '' : `: ${outcome.error.message}`;
    const message = `Task ${id} ended (${outcome?.status}${reason}) before the server confirmed the answer to "${key}"`;
    throw new TaskError('already-settled', message);
  }
  // Before a task, a question that is open again belongs to the next round: the server accepted the answer.
  if (isBeforeTask) return true;
  if (own(record.inputRequests, key) === undefined) {
    const withdrawn = `Task ${id} no longer asks "${key}"; the answer was not sent`;
    throw new TaskError('question-not-open', dialect?.traits.questions === 'requested' ? LAPSED : withdrawn);
  }
  const message = `The server did not accept the answer to "${key}": ${trouble ?? 'no reason given'}`;
  throw new TaskError('answer-invalid', message, { hint: 'Answer again.' });
}

function changedInFlightError({ id }: TaskRecord, key: string): TaskError {
  const message = `Task ${id} now asks a different question under "${key}"; the server did not confirm your answer`;
  return new TaskError('question-changed', message, { hint: 'Read the new question, then answer again.' });
}
