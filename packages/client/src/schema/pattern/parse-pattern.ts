import { ANY, type CharacterSet, type Range, setOf } from './character-set.ts';
import { createPatternReader, type PatternReader } from './pattern-reader.ts';
import { readEscape } from './read-escape.ts';
import { type PatternNode, UnsupportedPattern } from './syntax.ts';

const MAX_LENGTH = 10_000;
const MAX_GROUPS = 100;
const LOOKAROUND = /\?(=|!|<=|<!)/y;

/**
 * Parses a pattern of ECMAScript with the flag `u`; more lenient: any punctuation mark may be escaped.
 * @throws {UnsupportedPattern}
 */
export function parsePattern(pattern: string): PatternNode {
  if (pattern.length > MAX_LENGTH) throw new UnsupportedPattern('it is too long');
  const reader = createPatternReader(pattern);
  const node = readAlternatives(reader, 0);
  if (reader.peek() !== undefined) throw new UnsupportedPattern('it has an unmatched )');
  return node;
}

function readAlternatives(reader: PatternReader, depth: number): PatternNode {
  const parts = [readSequence(reader, depth)];
  while (reader.consume('|')) parts.push(readSequence(reader, depth));
  return { kind: 'alternatives', parts };
}

function readSequence(reader: PatternReader, depth: number): PatternNode {
  const parts: PatternNode[] = [];
  for (let next = reader.peek(); next !== undefined && next !== '|' && next !== ')'; next = reader.peek()) {
    parts.push(readRepeated(reader, depth));
  }
  return { kind: 'sequence', parts };
}

function readRepeated(reader: PatternReader, depth: number): PatternNode {
  const part = readAtom(reader, depth);
  const found = reader.consumeMatch(/(?:([*+?])|\{(\d{1,9})(,?)(\d{0,9})\})(\??)/y);
  if (found === undefined) return part;
  if (part.kind === 'assertion') throw new UnsupportedPattern('it repeats an assertion');
  const [, sign, low, comma, high, lazy] = found;
  const isLazy = lazy === '?';
  const min = sign === undefined ? Number(low) : sign === '+' ? 1 : 0;
  if (sign !== undefined)
    return { kind: 'repeat', part, min, max: sign === '?' ? 1 : Number.POSITIVE_INFINITY, isLazy };
  const max = comma === '' ? min : high === '' ? Number.POSITIVE_INFINITY : Number(high);
  if (max < min) throw new UnsupportedPattern('it has a repetition with a maximum below its minimum');
  return { kind: 'repeat', part, min, max, isLazy };
}

function readAtom(reader: PatternReader, depth: number): PatternNode {
  const character = reader.next();
  switch (character) {
    case '^':
      return { kind: 'assertion', at: 'start' };
    case '$':
      return { kind: 'assertion', at: 'end' };
    case '.':
      return { kind: 'set', set: ANY };
    case '[':
      return { kind: 'set', set: readClass(reader) };
    case '(':
      return readGroup(reader, depth + 1);
    case '\\': {
      if (reader.consume('b')) return { kind: 'assertion', at: 'word-edge' };
      if (reader.consume('B')) return { kind: 'assertion', at: 'no-word-edge' };
      const escaped = readEscape(reader);
      return { kind: 'set', set: typeof escaped === 'number' ? only(escaped) : escaped };
    }
    case '*':
    case '+':
    case '?':
      throw new UnsupportedPattern('it has a quantifier with nothing to repeat');
    default:
      return { kind: 'set', set: only(character.codePointAt(0) as number) };
  }
}

function readGroup(reader: PatternReader, depth: number): PatternNode {
  if (depth > MAX_GROUPS) throw new UnsupportedPattern('its groups are nested too deep');
  if (reader.consumeMatch(LOOKAROUND)) throw new UnsupportedPattern('it uses lookahead or lookbehind');
  const isNamed = reader.consumeMatch(/\?<[\p{L}_$][\p{L}\p{N}_$]{0,80}>/uy) !== undefined;
  const isStructure = !isNamed && reader.consume('?:');
  if (!isNamed && !isStructure && reader.peek() === '?') throw new UnsupportedPattern('it has an unknown group');
  const inside = readAlternatives(reader, depth);
  if (!reader.consume(')')) throw new UnsupportedPattern('it has an unmatched (');
  return isStructure ? inside : { kind: 'group', part: inside };
}

function readClass(reader: PatternReader): CharacterSet {
  const negated = reader.consume('^');
  const ranges: Range[] = [];
  const properties = new Map<string, RegExp>();
  while (!reader.consume(']')) {
    const low = readMember(reader);
    const isRange = typeof low === 'number' && reader.consumeMatch(/-(?!\])/y) !== undefined;
    const high = isRange ? readMember(reader) : low;
    if (typeof low === 'number' && typeof high === 'number') {
      if (high < low) throw new UnsupportedPattern('it has a character range out of order');
      ranges.push([low, high]);
      continue;
    }
    if (isRange) throw new UnsupportedPattern('it has a range that does not end with a character');
    const set = low as CharacterSet;
    ranges.push(...set.ranges);
    for (const property of set.properties) properties.set(property.source, property);
  }
  return setOf(ranges, [...properties.values()], negated);
}

function readMember(reader: PatternReader): number | CharacterSet {
  const character = reader.next();
  if (character !== '\\') return character.codePointAt(0) as number;
  return reader.consume('b') ? 0x08 : readEscape(reader);
}

function only(code: number): CharacterSet {
  return setOf([[code, code]]);
}
