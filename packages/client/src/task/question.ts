import { digestOf } from './digest.ts';
import type { JsonValue } from './json.ts';
import type { InputRequest } from './task.ts';

const MAX_WORDS = 500;

/** Tells two questions apart, whatever keys they have. */
export function digestQuestion(request: InputRequest): string {
  return digestOf({ method: request.method, params: request.params } as unknown as JsonValue);
}

/** The beginning of the question in words, to be shown beside another one that came under its key. */
export function wordsOf(request: InputRequest): string {
  const { message } = request.params;
  return (typeof message === 'string' ? message : request.method).slice(0, MAX_WORDS);
}
