import { expect, test } from 'vitest';
import { nearest } from './did-you-mean.ts';

test.each([
  ['relase', 'release'],
  ['rel', 'release'],
  ['Survye', 'survey'],
  ['xyz', undefined],
  ['', undefined],
  ['ehco', 'echo'],
  ['ceho', 'echo'],
  ['ohec', undefined],
])('"%s" suggests %s', (typed, expected) => {
  expect(nearest(typed, ['release', 'report', 'survey', 'echo'])).toBe(expected);
});
