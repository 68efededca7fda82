import { type CharacterSet, complement, DIGITS, type Range, SPACES, setOf, WORD } from './character-set.ts';
import type { PatternReader } from './pattern-reader.ts';
import { UnsupportedPattern } from './syntax.ts';

const CONTROLS = new Map([
  ['t', 0x09],
  ['n', 0x0a],
  ['v', 0x0b],
  ['f', 0x0c],
  ['r', 0x0d],
  ['0', 0x00],
]);

const CLASSES = new Map<string, readonly Range[]>([
  ['d', DIGITS],
  ['D', complement(DIGITS)],
  ['w', WORD],
  ['W', complement(WORD)],
  ['s', SPACES],
  ['S', complement(SPACES)],
]);

/** The meaning of an escape, inside a class or outside: one code point, or a set. */
export function readEscape(reader: PatternReader): number | CharacterSet {
  const letter = reader.next();
  const ranges = CLASSES.get(letter);
  if (ranges !== undefined) return setOf(ranges);
  if (letter === 'p' || letter === 'P') return readProperty(reader, letter);
  const control = CONTROLS.get(letter);
  if (control !== undefined) {
    if (letter === '0' && reader.consumeMatch(/\d/y)) throw new UnsupportedPattern('it has an octal escape');
    return control;
  }
  if (/[1-9k]/.test(letter)) throw new UnsupportedPattern('it uses a backreference');
  if (letter === 'x') return readHex(reader, /([\da-f]{2})/iy);
  if (letter === 'u') return readUnicode(reader);
  if (letter === 'c') return letterCode(reader) % 32;
  if (/[a-z]/i.test(letter)) throw new UnsupportedPattern(`\\${letter} is unknown`);
  return letter.codePointAt(0) as number;
}

function readProperty(reader: PatternReader, letter: 'p' | 'P'): CharacterSet {
  const name = reader.consumeMatch(/\{([\w=]{1,80})\}/y)?.[1];
  if (name === undefined) throw new UnsupportedPattern(`\\${letter} needs the name of a property`);
  try {
    return setOf([], [new RegExp(`^\\${letter}{${name}}$`, 'u')]);
  } catch {
    throw new UnsupportedPattern(`it has an unknown property, ${name}`);
  }
}

function readUnicode(reader: PatternReader): number {
  const braced = reader.consumeMatch(/\{([\da-f]{1,8})\}/iy)?.[1];
  if (braced !== undefined) {
    const code = Number.parseInt(braced, 16);
    if (code > 0x10ffff) throw new UnsupportedPattern('it has a code point that does not exist');
    return code;
  }
  const pair = reader.consumeMatch(/(d[89ab][\da-f]{2})\\u(d[c-f][\da-f]{2})/iy);
  if (pair === undefined) return readHex(reader, /([\da-f]{4})/iy);
  const [high, low] = [pair[1] as string, pair[2] as string].map((half) => Number.parseInt(half, 16));
  return String.fromCharCode(high as number, low as number).codePointAt(0) as number;
}

function readHex(reader: PatternReader, digits: RegExp): number {
  const found = reader.consumeMatch(digits)?.[1];
  if (found === undefined) throw new UnsupportedPattern('it has an escape without its digits');
  return Number.parseInt(found, 16);
}

function letterCode(reader: PatternReader): number {
  const letter = reader.consumeMatch(/[a-z]/iy)?.[0];
  if (letter === undefined) throw new UnsupportedPattern('\\c needs a letter');
  return letter.charCodeAt(0);
}
