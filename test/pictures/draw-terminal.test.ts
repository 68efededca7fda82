import { expect, test } from 'vitest';
import { openTerminal } from '../support/terminal.ts';
import { drawTerminal } from './draw-terminal.ts';

test('a picture places each word at its column, however a browser folds blanks', async () => {
  await using terminal = openTerminal('printf', ['  ID      数字  three words on']);
  await terminal.waitFor('three words on');
  const svg = drawTerminal(terminal, { columns: 40, rows: 1, title: 'blanks' });
  const drawn = [...svg.matchAll(/<text x="([\d.]+)" y="47.5" [^>]*>([^<]*)</g)].map(([, x, text]) => [
    Math.round((Number(x) - 16) / 8.4),
    text,
  ]);
  expect(drawn).toEqual([
    [2, 'ID'],
    [10, '数字'],
    [16, 'three words on'],
  ]);
});
