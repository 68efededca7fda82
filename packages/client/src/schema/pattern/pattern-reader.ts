import { UnsupportedPattern } from './syntax.ts';

/** Walks a pattern, one code point at a time. */
export interface PatternReader {
  /** The character at hand; undefined at the end. */
  peek(): string | undefined;
  /** Takes the character at hand. @throws {UnsupportedPattern} at the end */
  next(): string;
  /** Takes this text if it is at hand. */
  take(text: string): boolean;
  /** Takes what this sticky expression matches at hand. */
  takeMatch(expression: RegExp): RegExpExecArray | undefined;
}

export function createPatternReader(pattern: string): PatternReader {
  let at = 0;
  return {
    peek: () => characterAt(pattern, at),
    next() {
      const character = characterAt(pattern, at);
      if (character === undefined) throw new UnsupportedPattern('it ends too early');
      at += character.length;
      return character;
    },
    take(text) {
      if (!pattern.startsWith(text, at)) return false;
      at += text.length;
      return true;
    },
    takeMatch(expression) {
      expression.lastIndex = at;
      const found = expression.exec(pattern) ?? undefined;
      if (found !== undefined) at += found[0].length;
      return found;
    },
  };
}

function characterAt(text: string, at: number): string | undefined {
  const code = text.codePointAt(at);
  return code === undefined ? undefined : String.fromCodePoint(code);
}
