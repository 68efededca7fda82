import { expect, test } from 'vitest';
import { questionText } from './question-text.ts';

test.each([{ text: 'Deploy?' }, 7, null, undefined])(
  'a message that is not a string (%o) is omitted from the question',
  (message) => {
    expect(questionText({ method: 'elicitation/create', params: { message: message as never } })).toBe('');
  },
);
