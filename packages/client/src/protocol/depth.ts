import type { JsonValue } from '../task/json.ts';

/** Deeper values cannot be written down again, and no honest answer comes near it. */
const MAX_DEPTH = 500;

/** Says what is wrong with a value that is nested too deep to be handled; without recursion, since that is the point. */
export function depthProblem(value: JsonValue): string | undefined {
  let level: readonly object[] = typeof value === 'object' && value !== null ? [value] : [];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MAX_DEPTH) return `it is nested more than ${MAX_DEPTH} deep`;
    level = level.flatMap((item) => Object.values(item).filter((each) => typeof each === 'object' && each !== null));
  }
  return undefined;
}
