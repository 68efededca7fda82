import { digestOf } from './digest.ts';
import type { JsonValue } from './json.ts';
import type { InputRequest } from './task.ts';

const MAX_WORDS = 500;

/** A digest of a question, independent of its key. */
export function digestQuestion(request: InputRequest): string {
  return digestOf({ method: request.method, params: request.params } as unknown as JsonValue);
}

/** The first words of a question, to show beside another one that replaced it under its key. */
export function wordsOf(request: InputRequest): string {
  const { message } = request.params;
  return (typeof message === 'string' ? message : request.method).slice(0, MAX_WORDS);
}
