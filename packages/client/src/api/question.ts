import { TaskError } from '../errors.ts';
import { audienceOf } from '../task/audience.ts';
import { jsonOf } from '../task/json.ts';
import { digestQuestion } from '../task/question.ts';
import type { InputRequest } from '../task/task.ts';
import type { TaskChange } from '../task/updates.ts';
import type { KnownTask } from '../worker/followed-task.ts';
import type { AnswerOptions, Question, TaskUpdate } from './client-api.ts';
import { listedIn, questionChangedError } from './listed-question.ts';
import type { PostContext } from './post-to-record.ts';

/** The question as it is on the record now. @throws {TaskError} without a question, or with another digest */
export function readQuestion(follower: KnownTask, around: PostContext, key: string, digest?: string): Question {
  const { record } = follower;
  const question = createQuestion(follower, around, key, listedIn(record, key));
  if (digest !== undefined && digest !== question.digest) throw questionChangedError(record, key);
  return question;
}

/** Loaded with the first answer: most programs never send one. */
const loadAnswers = () => import('./answer-question.ts');

function createQuestion(follower: KnownTask, around: PostContext, key: string, request: InputRequest): Question {
  const question: Question = {
    key,
    request,
    audience: audienceOf(follower.record, key),
    digest: digestQuestion(request),
    async answer(given: Readonly<Record<string, unknown>>, options: AnswerOptions = {}) {
      if (around.observe) throw new TaskError('unsupported', 'This client only observes: it cannot answer');
      const response = jsonOf(given);
      const { answerQuestion } = await loadAnswers();
      await answerQuestion(follower, around, question, response, options);
    },
    async assign(audience) {
      const { assignQuestion } = await loadAnswers();
      await assignQuestion(follower, around, question, audience);
    },
  };
  return question;
}

/** A change as the host gets it: a question comes with its `answer()`. */
export function withQuestion(change: TaskChange, follower: KnownTask, around: PostContext): TaskUpdate {
  if (change.kind !== 'question') return change;
  return { ...change, question: createQuestion(follower, around, change.key, change.request) };
}
