import { clip } from './describe.ts';
import { createPattern, type Pattern } from './pattern/match-pattern.ts';
import { UnsupportedPattern } from './pattern/syntax.ts';

/** The compiled pattern, or the reason why it cannot be matched here. */
export type ReadPattern = (source: string) => Pattern | string;

/** Compiles each pattern once. */
export function createPatterns(): ReadPattern {
  const known = new Map<string, Pattern | string>();
  return (source) => {
    const before = known.get(source);
    if (before !== undefined) return before;
    const read = readPattern(source);
    known.set(source, read);
    return read;
  };
}

function readPattern(source: string): Pattern | string {
  try {
    return createPattern(source);
  } catch (error) {
    if (!(error instanceof UnsupportedPattern)) throw error;
    return `the pattern ${clip(source)} cannot be matched here: ${error.message}`;
  }
}
