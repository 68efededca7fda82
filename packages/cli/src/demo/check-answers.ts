import { misfit } from './misfit.ts';
import type { JsonObject, Question, Questions } from './tool.ts';

/** Some answers do not fit their questions. No answer was applied; all questions stay open. */
export class AnswersRefused extends Error {
  /** The problem of each refused answer, by the key of its question. */
  readonly problems: Readonly<Record<string, string>>;

  constructor(problems: Readonly<Record<string, string>>) {
    const sentences = Object.entries(problems).map(([key, why]) => `The answer to "${key}" does not fit: ${why}`);
    super(sentences.join('. '));
    this.problems = problems;
  }
}

/**
 * Validates answers to open questions, because a client may not have. Ignores keys without an open question.
 *
 * @throws {AnswersRefused} when an answer does not fit its question
 */
export function checkAnswers(questions: Questions, answers: Readonly<Record<string, unknown>>): void {
  const problems = Object.entries(questions).flatMap(([key, question]) => {
    const problem = Object.hasOwn(answers, key) ? misfitOfAnswer(question, answers[key]) : undefined;
    return problem === undefined ? [] : [[key, problem] as const];
  });
  if (problems.length > 0) throw new AnswersRefused(Object.fromEntries(problems));
}

/** The reason why the answer does not fit its question; `undefined` when it fits. */
export function misfitOfAnswer({ method, params }: Question, answer: unknown): string | undefined {
  const { action, content } = (answer ?? {}) as JsonObject;
  // Sampling and roots have no decline on the wire: accept the `action` of an elicitation.
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
