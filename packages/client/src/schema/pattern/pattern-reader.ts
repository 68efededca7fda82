import { UnsupportedPattern } from './syntax.ts';

/** Reads a pattern, one code point at a time. */
export interface PatternReader {
  /** The next character; undefined at the end. */
  peek(): string | undefined;
  /** Consumes the next character. @throws {UnsupportedPattern} at the end */
  next(): string;
  /** Consumes this text if it comes next. */
  consume(text: string): boolean;
  /** Consumes the match of this sticky expression. */
  consumeMatch(expression: RegExp): RegExpExecArray | undefined;
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
    consume(text) {
      if (!pattern.startsWith(text, at)) return false;
      at += text.length;
      return true;
    },
    consumeMatch(expression) {
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
