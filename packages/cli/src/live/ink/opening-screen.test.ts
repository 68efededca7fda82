import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { createModel } from '../state/model.ts';
import { viewFrame } from '../view/frame.ts';
import { plain } from '../view/theme.ts';
import { CLOSE } from './alternate-screen.ts';
import { openScreen } from './opening-screen.ts';

const start = createModel({ now: 0, keepOpen: false, readOnly: false });

function open() {
  const modes: boolean[] = [];
  let drawn = '';
  const stdin = { setRawMode: (isRaw: boolean) => modes.push(isRaw) };
  const stdout = { columns: 80, rows: 25, write: (text: string) => (drawn += text) };
  const opening = openScreen(start, {
    stdin: stdin as unknown as NodeJS.ReadStream,
    stdout: stdout as unknown as NodeJS.WriteStream,
    ascii: false,
    color: true,
  });
  return { opening, modes, drawn: () => drawn };
}

test('the opening screen draws the first frame of the view and sets raw mode', () => {
  const { opening, modes, drawn } = open();
  const lines = viewFrame({ ...start, columns: 80, rows: 24 }).lines.map((line) => plain(line));
  expect(stripVTControlCharacters(drawn()).split('\r\n')).toEqual(lines);
  expect(lines.join('\n')).toContain('mcp-tasks');
  expect(modes).toEqual([true]);
  opening.close();
});

test('the opening screen restores the terminal once, and never after its handover to Ink', () => {
  const closed = open();
  closed.opening.close();
  closed.opening.close();
  expect([closed.drawn().split(CLOSE).length - 1, closed.modes]).toEqual([1, [true, false]]);
  expect(closed.opening.handOver()).toBe(false);
  const taken = open();
  expect([taken.opening.handOver(), taken.opening.handOver()]).toEqual([true, false]);
  taken.opening.close();
  expect([taken.drawn().includes(CLOSE), taken.modes]).toEqual([false, [true]]);
});
