import { PassThrough } from 'node:stream';
import { render } from 'ink';
import { expect, test, vi } from 'vitest';
import type { Key } from '../keys/key.ts';
import { line } from '../view/line.ts';
import { App } from './app.tsx';
import { inkStdin } from './ink-stdin.ts';

const ESC = '\u001b';
const names = (keys: readonly Key[]) => keys.map((key) => (key.name === 'text' ? key.text : `<${key.name}>`)).join('');

/** The app with a fake keyboard, whose input passes through Ink. */
function keyboard() {
  const keys: Key[] = [];
  const terminal = (columns: number) => Object.assign(new PassThrough(), { isTTY: true, columns, rows: 24 });
  const stdin = Object.assign(terminal(80), { setRawMode: () => stdin, ref: () => stdin, unref: () => stdin });
  const frame = { lines: [line('here')] };
  const app = render(
    <App
      source={{ subscribe: () => () => undefined, frame: () => frame }}
      theme={{ ascii: false, color: true }}
      onKey={(key) => keys.push(key)}
    />,
    {
      stdin: inkStdin(stdin as unknown as NodeJS.ReadStream),
      stdout: terminal(80) as unknown as NodeJS.WriteStream,
      exitOnCtrlC: false,
      patchConsole: false,
    },
  );
  return { keys, type: (bytes: string) => stdin.write(bytes), [Symbol.dispose]: () => app.unmount() };
}

test.each([
  ['typed fast, letters come one by one', 'jjk', 'jjk'],
  ['a line and its Return in one piece are a paste, and confirm nothing', '3600\r', '3600\n'],
  ['a paste without marks is one text', 'yes\r\ry\n', 'yes\n\ny\n'],
  ['arrows of both cursor modes', `${ESC}[A${ESC}OB`, '<up><down>'],
  ['the modifier of an arrow is ignored', `${ESC}[1;5C`, '<right>'],
  ['Home, End and pages', `${ESC}[H${ESC}[4~${ESC}[5~${ESC}[6~`, '<home><end><page-up><page-down>'],
  ['an Escape alone', ESC, '<escape>'],
  ['an Escape before a letter is both', `${ESC}q`, '<escape>q'],
  ['Return and line feed in one piece', '\r\n', '\n'],
  ['Alt-Return and Shift-Return', `${ESC}\r${ESC}[13;2u`, '<newline><newline>'],
  ['control letters, one at a time', '\u0012', '<ctrl-r>'],
  ['control letters in one piece', '\u0003\u000e\u0015', '<ctrl-c><ctrl-n><ctrl-u>'],
  ['both ways to send Backspace', '\u007f', '<backspace>'],
  ['Backspace held down', '\u007f\u007f\b', '<backspace><backspace><backspace>'],
  ['Delete is not Backspace', `${ESC}[3~`, '<delete>'],
  ['Tab and back', `\t${ESC}[Z`, '<tab><back-tab>'],
  ['unknown key sequences are dropped', `${ESC}[24~${ESC}[I${ESC}[1;5P${ESC}OPx`, 'x'],
  ['an Escape before a sign is both, and stays one before an arrow', `${ESC}?${ESC}${ESC}[A`, '<escape>?<up>'],
  ['a wide letter, and one of several code points', '数👩‍👩‍👧', '数👩‍👩‍👧'],
])('%s', async (_what, bytes, expected) => {
  using board = keyboard();
  board.type(bytes);
  await vi.waitFor(() => expect(names(board.keys)).toBe(expected));
});

test('a paste is one text: its line breaks confirm nothing, its control characters are removed', async () => {
  using board = keyboard();
  board.type(`${ESC}[200~one\r\ntw`);
  board.type(`o\u0003${ESC}[31m${ESC}[201~\r`);
  await vi.waitFor(() => expect(board.keys).toEqual([{ name: 'text', text: 'one\ntwo[31m' }, { name: 'enter' }]));
});

test('a paste ends when its end mark arrives in two pieces', async () => {
  using board = keyboard();
  board.type(`${ESC}[200~half${ESC}[20`);
  // Wait until Ink has read the first piece as a key.
  await new Promise((resolve) => setImmediate(() => setImmediate(() => setImmediate(resolve))));
  board.type('1~x');
  await vi.waitFor(() => expect(names(board.keys)).toBe('halfx'));
});

test('text typed before a paste that arrives in two pieces is read once', async () => {
  using board = keyboard();
  board.type(`ab${ESC}[200~one`);
  await vi.waitFor(() => expect(names(board.keys)).toBe('ab'));
  board.type(` two${ESC}[201~c`);
  await vi.waitFor(() => expect(names(board.keys)).toBe('abone twoc'));
});
