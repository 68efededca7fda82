import { TaskError } from '../errors.ts';
import type { TaskRecord } from '../task/record.ts';
import type { Outcome } from '../task/task.ts';
import { errorCodeOf } from '../task/verdicts.ts';
import type { KnownTask } from '../worker/followed-task.ts';

const SENT_LATER = 'It is sent on the next connection that follows the task.';

export function notSentError(what: string, { status, error }: Outcome, { trouble }: TaskRecord): TaskError {
  const code = status === 'auth_required' ? errorCodeOf({ status }) : 'unreachable';
  return new TaskError(code, `${what}: ${error?.message ?? trouble ?? status}`, { hint: SENT_LATER });
}

export function closedError(what: string): TaskError {
  return new TaskError('closed', `${what}: this client was closed`, { hint: SENT_LATER });
}

export function deletedError({ id }: TaskRecord, what: string): TaskError {
  const message = `The record of task ${id} was deleted before the server confirmed ${what}`;
  return new TaskError('not-found', message, { hint: 'It is not sent again.' });
}

export function settledError({ id, outcome }: TaskRecord): TaskError {
  const hint = 'There is nothing left to cancel.';
  return new TaskError('already-settled', `Task ${id} has ended: ${outcome?.status}`, { hint });
}

/** True once the server accepted the cancel request; undefined while pending. @throws {TaskError} if it never will */
export function isCancelAccepted(follower: KnownTask): true | undefined {
  const { record, blocked } = follower;
  if (record.cancelAcknowledgedAt !== undefined || record.outcome?.status === 'cancelled') return true;
  if (record.phase === 'settled') throw settledError(record);
  if (follower.isDeleted) throw deletedError(record, 'the cancel request');
  if (follower.isLeft) throw closedError('The cancel request is saved, but the server has not confirmed it');
  if (record.cancelRequestedAt === undefined) {
    throw new TaskError('rpc-error', `The server refused to cancel: ${record.trouble ?? 'no reason given'}`);
  }
  if (blocked === null) return undefined;
  throw notSentError('The cancel request is saved, but the server has not confirmed it', blocked, record);
}
