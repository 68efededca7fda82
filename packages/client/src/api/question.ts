import { TaskError } from '../errors.ts';
import type { TaskStore } from '../store/task-store.ts';
import { audienceOf, isInAudience, type Person } from '../task/audience.ts';
import { jsonOf } from '../task/json.ts';
import { own, withEntries } from '../task/own.ts';
import { digestQuestion, wordsOf } from '../task/question.ts';
import type { TaskRecord } from '../task/record.ts';
import type { InputRequest } from '../task/task.ts';
import type { TaskChange } from '../task/updates.ts';
import type { ClientContext } from '../worker/client-context.ts';
import type { KnownTask } from '../worker/followed-task.ts';
import { until } from '../worker/until.ts';
import { changed, isAnswerTaken, notAllowed, notOpen } from './answer-delivery.ts';
import type { AnswerOptions, Question, TaskUpdate } from './client-api.ts';
import { postToRecord } from './post-to-record.ts';
import { validateAnswer } from './validate-answer.ts';

/** The store and clock that answers are saved with. */
export type PostContext = Pick<ClientContext, 'clock' | 'observe'> & {
  readonly store: Pick<TaskStore, 'update'>;
  /** The default person of answers. */
  readonly person?: Person | undefined;
};

/** The question listed under this key, answered or not. @throws {TaskError} without one */
function listedIn(record: TaskRecord, key: string): InputRequest {
  const isOver = record.phase === 'intent' || record.phase === 'settled';
  const request = own(isOver ? {} : record.inputRequests, key);
  if (request === undefined) throw notOpen(record, key);
  return request;
}

/** @throws {TaskError} when the question is not open, was replaced, or is for other people */
function checkAnswerable(
  record: TaskRecord,
  { key, digest }: Question,
  { again, person }: { readonly again: boolean; readonly person: Person | undefined },
): InputRequest {
  const request = listedIn(record, key);
  const state = own(record.ledger, key)?.state;
  const isAnswerable = state === 'open' || (again && state !== undefined && state !== 'answering');
  if (!isAnswerable) throw notOpen(record, key);
  if (digestQuestion(request) !== digest) throw changed(record, key);
  const audience = audienceOf(record, key);
  if (!isInAudience(audience, person)) throw notAllowed(record, key, audience ?? []);
  return request;
}

/** The question as it is on the record now. @throws {TaskError} without a question, or with another digest */
export function readQuestion(follower: KnownTask, around: PostContext, key: string, digest?: string): Question {
  const { record } = follower;
  const question = createQuestion(follower, around, key, listedIn(record, key));
  if (digest !== undefined && digest !== question.digest) throw changed(record, key);
  return question;
}

function createQuestion(follower: KnownTask, around: PostContext, key: string, request: InputRequest): Question {
  const { store, clock, observe } = around;
  const question: Question = {
    key,
    request,
    audience: audienceOf(follower.record, key),
    digest: digestQuestion(request),
    async answer(given: Readonly<Record<string, unknown>>, options: AnswerOptions = {}) {
      const { again = false, signal, as: person = around.person } = options;
      if (observe) throw new TaskError('unsupported', 'This client only watches: it does not answer');
      const response = jsonOf(given);
      const { record } = follower;
      await validateAnswer(key, checkAnswerable(record, question, { again, person }), response);
      const since = clock.now();
      await postToRecord(follower, store, (current) => {
        // Another process may have seen it answered, withdrawn, or the task settled since this record was read.
        checkAnswerable(current, question, { again, person });
        const { digest } = question;
        const { audience } = own(current.ledger, key) ?? {};
        const whose = { ...(audience && { audience }), ...(person && { by: person.name }) };
        const answering = { state: 'answering' as const, digest, words: wordsOf(request), response, since, ...whose };
        return { ...current, updatedAt: since, ledger: withEntries(current.ledger, [[key, answering]]) };
      });
      await until(follower, () => isAnswerTaken(follower, question, record.phase === 'asking'), signal);
    },
    async assign(audience) {
      await postToRecord(follower, store, (current) => {
        if (digestQuestion(listedIn(current, key)) !== question.digest) throw changed(current, key);
        const entry = own(current.ledger, key);
        if (entry === undefined) throw notOpen(current, key);
        return { ...current, ledger: withEntries(current.ledger, [[key, { ...entry, audience: [...audience] }]]) };
      });
    },
  };
  return question;
}

/** A change as the host gets it: a question comes with its `answer()`. */
export function withQuestion(change: TaskChange, follower: KnownTask, around: PostContext): TaskUpdate {
  if (change.kind !== 'question') return change;
  return { ...change, question: createQuestion(follower, around, change.key, change.request) };
}
