import { expect, test } from 'vitest';
import { parseJsonWithComments } from './json-with-comments.ts';

test('comments and last commas are left out, but not from inside a text', () => {
  const text = `\ufeff{ // servers
    "url": "https://example.com/a,]", /* two
    lines */ "list": [1, 2, ],
    "quote": "say \\"// no comment\\"",
  }`;
  expect(parseJsonWithComments(text)).toEqual({
    url: 'https://example.com/a,]',
    list: [1, 2],
    quote: 'say "// no comment"',
  });
});

test('what is no JSON at all is an error', () => {
  expect(() => parseJsonWithComments('{ "a": }')).toThrow(SyntaxError);
});
