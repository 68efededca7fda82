/** The check was given up: it takes more steps, or goes deeper, than any real schema asks for. */
export class TooComplex extends Error {
  override readonly name = 'TooComplex';
}

/** A tenth of a second or so: a schema is the server's, and must not hold the process. */
const MAX_STEPS = 5_000_000;
const MAX_DEPTH = 400;

export interface Budget {
  /** @throws {TooComplex} when all steps are spent */
  spend(steps: number): void;
  /** Runs one level deeper. @throws {TooComplex} when that is too deep */
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
