import { expect, test } from 'vitest';
import { TaskError } from './errors.ts';

test('an error as JSON keeps its message, code, hint and problems', () => {
  const error = new TaskError('answer-invalid', 'The answer to "approval" does not fit', {
    hint: 'Correct it; nothing was sent.',
    problems: [{ path: '/approve', message: 'must be boolean' }],
    cause: { a: 1n },
  });
  expect(JSON.parse(JSON.stringify({ error }))).toEqual({
    error: {
      name: 'TaskError',
      code: 'answer-invalid',
      message: 'The answer to "approval" does not fit',
      hint: 'Correct it; nothing was sent.',
      problems: [{ path: '/approve', message: 'must be boolean' }],
    },
  });
});

test('an error is recognized by its brand, from any copy of the library', () => {
  class OtherCopy extends Error {}
  const foreign = new OtherCopy('gone');
  expect(TaskError.is(foreign)).toBe(false);
  Object.defineProperty(foreign, Symbol.for('@mcp-tasks/client:TaskError'), { value: true });
  expect(TaskError.is(foreign)).toBe(true);
  expect(TaskError.is(new TaskError('closed', 'gone'))).toBe(true);
  expect([undefined, null, {}, 'closed', { code: 'closed' }].map((value) => TaskError.is(value))).toEqual([
    false,
    false,
    false,
    false,
    false,
  ]);
});
