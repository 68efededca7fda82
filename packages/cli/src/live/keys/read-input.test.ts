import type { Key as InkKey } from 'ink';
import { expect, test } from 'vitest';
import { createInputReader } from './read-input.ts';

const press = (input: string, key: Partial<InkKey> = {}) => createInputReader()(input, key as InkKey);

test('Shift or Alt with Enter is a new line, Enter alone confirms', () => {
  expect(press('', { return: true })).toEqual([{ name: 'enter' }]);
  expect(press('', { return: true, shift: true })).toEqual([{ name: 'newline' }]);
  expect(press('', { return: true, meta: true })).toEqual([{ name: 'newline' }]);
});

test('Tab goes on, and back with Shift', () => {
  expect([press('', { tab: true }), press('', { tab: true, shift: true })]).toEqual([
    [{ name: 'tab' }],
    [{ name: 'back-tab' }],
  ]);
});

test('a named key is itself, and a letter with Ctrl a command', () => {
  expect(press('', { pageDown: true })).toEqual([{ name: 'page-down' }]);
  expect(press('a', { ctrl: true })).toEqual([{ name: 'ctrl-a' }]);
  expect(press('\u0001')).toEqual([{ name: 'ctrl-a' }]);
});

test('quick keys that arrive as one text are keys, one per grapheme', () => {
  expect(press('ja\t')).toEqual([{ name: 'text', text: 'j' }, { name: 'text', text: 'a' }, { name: 'tab' }]);
  expect(press('é')).toEqual([{ name: 'text', text: 'é' }]);
});

test('a text with a line break was pasted: it confirms nothing', () => {
  expect(press('yes\r\nno\r')).toEqual([{ name: 'text', text: 'yes\nno\n' }]);
  expect(press('\r')).toEqual([{ name: 'enter' }]);
});

test('between the marks of a paste everything is text, and after them keys are keys again', () => {
  const read = createInputReader();
  const plain = {} as InkKey;
  expect(read('[200~', plain)).toEqual([]);
  expect(read('\r', { return: true } as InkKey)).toEqual([{ name: 'text', text: '\r' }]);
  expect(read('[201~', plain)).toEqual([]);
  expect(read('', { return: true } as InkKey)).toEqual([{ name: 'enter' }]);
});
