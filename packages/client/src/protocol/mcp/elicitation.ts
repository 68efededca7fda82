import type { InputRequest } from '../../task/task.ts';

/** A question for a person: a form, or a page to visit. The others are for a model or a program. */
export function isElicitation({ method }: InputRequest): boolean {
  return method === 'elicitation/create';
}
