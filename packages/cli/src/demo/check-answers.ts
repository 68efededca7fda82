import { misfit } from './misfit.ts';
import type { JsonObject, Question, Questions } from './script.ts';

/** Answers of which some do not fit their questions. Nothing of them was taken, and all is still open. */
export class AnswersRefused extends Error {
  /** What is wrong, by the key of the question. */
  readonly problems: Readonly<Record<string, string>>;

  constructor(problems: Readonly<Record<string, string>>) {
    const sentences = Object.entries(problems).map(([key, why]) => `The answer to "${key}" does not fit: ${why}`);
    super(sentences.join('. '));
    this.problems = problems;
  }
}

/**
 * A server has to look at this itself: whatever a client promises, what arrives was written by somebody else. What
 * is not asked, or no longer, is nobody's concern.
 *
 * @throws {AnswersRefused} when one of them does not fit its question
 */
export function checkAnswers(questions: Questions, answers: Readonly<Record<string, unknown>>): void {
  const problems = Object.entries(questions).flatMap(([key, question]) => {
    const problem = Object.hasOwn(answers, key) ? misfitOfAnswer(question, answers[key]) : undefined;
    return problem === undefined ? [] : [[key, problem] as const];
  });
  if (problems.length > 0) throw new AnswersRefused(Object.fromEntries(problems));
}

/** Why this is no answer to the question, or `undefined` when it is one. */
export function misfitOfAnswer({ method, params }: Question, answer: unknown): string | undefined {
  const { action, content } = (answer ?? {}) as JsonObject;
  // What has no way to say no on the wire may say it in the words of a form.
  if (method !== 'elicitation/create' && (action === 'decline' || action === 'cancel')) return undefined;
  const problem = misfit(ANSWERS[method], answer);
  if (problem !== undefined || action !== 'accept' || params.requestedSchema === undefined) return problem;
  return misfit(params.requestedSchema as JsonObject, content ?? {});
}

const ANSWERS = {
  'elicitation/create': {
    type: 'object',
    properties: { action: { enum: ['accept', 'decline', 'cancel'] }, content: { type: ['object', 'null'] } },
    required: ['action'],
  },
  'sampling/createMessage': {
    type: 'object',
    properties: {
      role: { enum: ['user', 'assistant'] },
      content: { type: ['object', 'array'] },
      model: { type: 'string' },
    },
    required: ['role', 'content', 'model'],
  },
  'roots/list': {
    type: 'object',
    properties: {
      roots: { type: 'array', items: { type: 'object', properties: { uri: { type: 'string' } }, required: ['uri'] } },
    },
    required: ['roots'],
  },
} as const satisfies Record<Question['method'], JsonObject>;
