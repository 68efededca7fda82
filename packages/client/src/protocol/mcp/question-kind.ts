import type { InputRequest } from '../../task/task.ts';

/** Who can answer a question: a person, by a form or by visiting a page; a language model; a program that shares folders. */
export type QuestionKind = 'form' | 'page' | 'model' | 'folders' | 'unknown';

/** Who can answer this question. */
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
