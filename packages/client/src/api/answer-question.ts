import { audienceOf, isInAudience, type Person } from '../task/audience.ts';
import { own, withEntries } from '../task/own.ts';
import { digestQuestion, wordsOf } from '../task/question.ts';
import type { TaskRecord } from '../task/record.ts';
import type { InputRequest, InputResponse } from '../task/task.ts';
import type { KnownTask } from '../worker/followed-task.ts';
import { until } from '../worker/until.ts';
import { isAnswerAccepted, notAllowedError } from './answer-delivery.ts';
import type { AnswerOptions, Question } from './client-api.ts';
import { listedIn, notOpenError, questionChangedError } from './listed-question.ts';
import { type PostContext, postToRecord } from './post-to-record.ts';
import { validateAnswer } from './validate-answer.ts';

/** @throws {TaskError} when the question is not open, was replaced, or is for other people */
function checkAnswerable(
  record: TaskRecord,
  { key, digest }: Question,
  { again, person }: { readonly again: boolean; readonly person: Person | undefined },
): InputRequest {
  const request = listedIn(record, key);
  const state = own(record.ledger, key)?.state;
  const isAnswerable = state === 'open' || (again && state !== undefined && state !== 'answering');
  if (!isAnswerable) throw notOpenError(record, key);
  if (digestQuestion(request) !== digest) throw questionChangedError(record, key);
  const audience = audienceOf(record, key);
  if (!isInAudience(audience, person)) throw notAllowedError(record, key, audience ?? []);
  return request;
}

/** Saves the answer, and resolves when the server accepted it. @throws {TaskError} if it never will */
export async function answerQuestion(
  follower: KnownTask,
  around: PostContext,
  question: Question,
  response: InputResponse,
  { again = false, signal, as: person = around.person }: AnswerOptions,
): Promise<void> {
  const { key } = question;
  const { record } = follower;
  const request = checkAnswerable(record, question, { again, person });
  await validateAnswer(key, request, response);
  const since = around.clock.now();
  await postToRecord(follower, around.store, (current) => {
    // Check the stored record: another process may have answered, seen it withdrawn, or settled the task.
    checkAnswerable(current, question, { again, person });
    const { digest } = question;
    const { audience } = own(current.ledger, key) ?? {};
    const whose = { ...(audience && { audience }), ...(person && { by: person.name }) };
    const answering = { state: 'answering' as const, digest, words: wordsOf(request), response, since, ...whose };
    return { ...current, updatedAt: since, ledger: withEntries(current.ledger, [[key, answering]]) };
  });
  await until(
    follower,
    () => isAnswerAccepted(follower, { ...question, givenAt: since }, record.phase === 'asking'),
    signal,
  );
}

export async function assignQuestion(
  follower: KnownTask,
  { store }: PostContext,
  { key, digest }: Question,
  audience: readonly string[],
): Promise<void> {
  await postToRecord(follower, store, (current) => {
    if (digestQuestion(listedIn(current, key)) !== digest) throw questionChangedError(current, key);
    const entry = own(current.ledger, key);
    if (entry === undefined) throw notOpenError(current, key);
    return { ...current, ledger: withEntries(current.ledger, [[key, { ...entry, audience: [...audience] }]]) };
  });
}
