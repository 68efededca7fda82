import type { InputRequest } from '../../task/task.ts';

/** The kind of answer: a person's form or page visit, a language model, or a program that shares folders. */
export type QuestionKind = 'form' | 'page' | 'model' | 'folders' | 'unknown';

/** The kind of answer that this question needs. */
export function kindOfQuestion({ method, params }: InputRequest): QuestionKind {
  switch (method) {
    case 'elicitation/create':
      return typeof params.url === 'string' ? 'page' : 'form';
    case 'sampling/createMessage':
      return 'model';
    case 'roots/list':
      return 'folders';
    default:
      return 'unknown';
  }
}

/** A question for a person. */
export function isElicitation(request: InputRequest): boolean {
  return ['form', 'page'].includes(kindOfQuestion(request));
}
