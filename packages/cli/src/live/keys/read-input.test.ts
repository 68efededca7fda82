import type { Key as InkKey } from 'ink';
import { expect, test } from 'vitest';
import { createInputReader } from './read-input.ts';

const press = (input: string, key: Partial<InkKey> = {}) => createInputReader()(input, key as InkKey);

test('Shift or Alt with Enter is a new line, Enter alone confirms', () => {
  expect(press('', { return: true })).toEqual([{ name: 'enter' }]);
  expect(press('', { return: true, shift: true })).toEqual([{ name: 'newline' }]);
  expect(press('', { return: true, meta: true })).toEqual([{ name: 'newline' }]);
});

test('Tab moves forward, Shift-Tab moves back', () => {
  expect([press('', { tab: true }), press('', { tab: true, shift: true })]).toEqual([
    [{ name: 'tab' }],
    [{ name: 'back-tab' }],
  ]);
});

test('named keys keep their names, and Ctrl with a letter is a command', () => {
  expect(press('', { pageDown: true })).toEqual([{ name: 'page-down' }]);
  expect(press('a', { ctrl: true })).toEqual([{ name: 'ctrl-a' }]);
  expect(press('\u0001')).toEqual([{ name: 'ctrl-a' }]);
});

test('fast key presses that arrive as one text are read as one key per grapheme', () => {
  expect(press('ja\t')).toEqual([{ name: 'text', text: 'j' }, { name: 'text', text: 'a' }, { name: 'tab' }]);
  expect(press('é')).toEqual([{ name: 'text', text: 'é' }]);
});

test('a text with a line break is read as a paste and confirms nothing', () => {
  expect(press('yes\r\nno\r')).toEqual([{ name: 'text', text: 'yes\nno\n' }]);
  expect(press('\r')).toEqual([{ name: 'enter' }]);
});

test('all input between paste marks is text, and input after them is keys again', () => {
  const read = createInputReader();
  const plain = {} as InkKey;
  expect(read('[200~', plain)).toEqual([]);
  expect(read('\r', { return: true } as InkKey)).toEqual([{ name: 'text', text: '\r' }]);
  expect(read('[201~', plain)).toEqual([]);
  expect(read('', { return: true } as InkKey)).toEqual([{ name: 'enter' }]);
});
