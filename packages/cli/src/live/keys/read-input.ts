import type { Key as InkKey } from 'ink';
import { graphemes } from '../../display/graphemes.ts';
import type { Key, KeyName } from './key.ts';

/** Converts Ink's input into keys. */
export type InputReader = (input: string, key: InkKey) => readonly Key[];

/** Reads input between paste marks as text, whose line breaks confirm nothing: Ink 6 has no paste event. */
export function createInputReader(): InputReader {
  let pasting = false;
  return (input, key) => {
    if (input === '[200~' || input === '[201~') {
      pasting = input === '[200~';
      return [];
    }
    return pasting ? [{ name: 'text', text: input }] : keysOf(input, key);
  };
}

const NAMED: readonly (readonly [keyof InkKey, KeyName])[] = [
  ['escape', 'escape'],
  ['upArrow', 'up'],
  ['downArrow', 'down'],
  ['leftArrow', 'left'],
  ['rightArrow', 'right'],
  ['home', 'home'],
  ['end', 'end'],
  ['pageUp', 'page-up'],
  ['pageDown', 'page-down'],
  ['backspace', 'backspace'],
  ['delete', 'delete'],
];

function keysOf(input: string, key: InkKey): readonly Key[] {
  const named = NAMED.find(([flag]) => key[flag] === true);
  if (named !== undefined) return [{ name: named[1] }];
  if (key.tab) return [{ name: key.shift ? 'back-tab' : 'tab' }];
  if (key.return) return [{ name: key.shift || key.meta ? 'newline' : 'enter' }];
  if (key.ctrl) return [{ name: `ctrl-${input}` }];
  return lettersOf(input);
}

const CONTROLS: Readonly<Record<string, KeyName>> = {
  '\r': 'enter',
  '\n': 'newline',
  '\t': 'tab',
  '\b': 'backspace',
};

/** Several quick keys can arrive as one text. Text with a line break was pasted. */
function lettersOf(text: string): readonly Key[] {
  if (text.length > 1 && /[\r\n]/.test(text)) return [{ name: 'text', text: text.replace(/\r\n?/g, '\n') }];
  return [...graphemes.segment(text)].map(({ segment }) => keyOf(segment));
}

function keyOf(letter: string): Key {
  const control = CONTROLS[letter];
  if (control !== undefined) return { name: control };
  const code = letter.charCodeAt(0);
  return code < 0x20 ? { name: `ctrl-${String.fromCharCode(code + 0x60)}` } : { name: 'text', text: letter };
}
