/** First and last code point, both included. */
export type Range = readonly [number, number];

/** The code points that one position of a pattern accepts. */
export interface CharacterSet {
  readonly ranges: readonly Range[];
  /** Unicode properties, such as `\p{L}`: tested by the platform, one character at a time. */
  readonly properties: readonly RegExp[];
  readonly negated: boolean;
}

const LAST = 0x10ffff;
export const DIGITS: readonly Range[] = [[0x30, 0x39]];
export const WORD: readonly Range[] = [...DIGITS, [0x41, 0x5a], [0x5f, 0x5f], [0x61, 0x7a]];
export const SPACES: readonly Range[] = [
  ...([[0x09, 0x0d]] as const),
  ...[0x20, 0xa0, 0x1680].map((code): Range => [code, code]),
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  ...[0x202f, 0x205f, 0x3000, 0xfeff].map((code): Range => [code, code]),
];
const LINE_ENDS: readonly Range[] = [
  [0x0a, 0x0a],
  [0x0d, 0x0d],
  [0x2028, 0x2029],
];

export function setOf(ranges: readonly Range[], properties: readonly RegExp[] = [], negated = false): CharacterSet {
  return { ranges: merge(ranges), properties, negated };
}

/** `.` accepts everything except line ends. */
export const ANY = setOf(LINE_ENDS, [], true);

/** All code points outside these ranges. */
export function complement(ranges: readonly Range[]): readonly Range[] {
  const outside: Range[] = [];
  let next = 0;
  for (const [low, high] of merge(ranges)) {
    if (low > next) outside.push([next, low - 1]);
    next = high + 1;
  }
  if (next <= LAST) outside.push([next, LAST]);
  return outside;
}

export function accepts(set: CharacterSet, code: number): boolean {
  const isIn = isWithin(set.ranges, code) || hasProperty(set.properties, code);
  return isIn !== set.negated;
}

export function isWordCharacter(code: number | undefined): boolean {
  return code !== undefined && isWithin(WORD, code);
}

function hasProperty(properties: readonly RegExp[], code: number): boolean {
  return properties.length > 0 && properties.some((each) => each.test(String.fromCodePoint(code)));
}

function isWithin(ranges: readonly Range[], code: number): boolean {
  let low = 0;
  let high = ranges.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const range = ranges[middle] as Range;
    if (code < range[0]) high = middle - 1;
    else if (code > range[1]) low = middle + 1;
    else return true;
  }
  return false;
}

/** Sorted, without overlaps, for binary search. */
function merge(ranges: readonly Range[]): readonly Range[] {
  const merged: Range[] = [];
  for (const range of [...ranges].sort((a, b) => a[0] - b[0])) {
    const last = merged.at(-1);
    if (last !== undefined && range[0] <= last[1] + 1) {
      merged[merged.length - 1] = [last[0], Math.max(last[1], range[1])];
    } else merged.push(range);
  }
  return merged;
}
