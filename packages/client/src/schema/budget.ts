/** The check was given up: it needs more steps or depth than any real schema. */
export class TooComplex extends Error {
  override readonly name = 'TooComplex';
}

/** About a tenth of a second: a schema comes from the server and must not block the process. */
const MAX_STEPS = 5_000_000;
const MAX_DEPTH = 400;

export interface Budget {
  /** @throws {TooComplex} when the steps are used up */
  spend(steps: number): void;
  /** Runs one level deeper. @throws {TooComplex} beyond the maximum depth */
  deeper<T>(work: () => T): T;
}

export function createBudget(): Budget {
  let left = MAX_STEPS;
  let depth = 0;
  return {
    spend(steps) {
      left -= steps;
      if (left < 0) throw new TooComplex();
    },
    deeper(work) {
      if (depth >= MAX_DEPTH) throw new TooComplex();
      depth += 1;
      try {
        return work();
      } finally {
        depth -= 1;
      }
    },
  };
}
