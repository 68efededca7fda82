/** Runs one piece of work after the other: at once and synchronously while nothing is under way. */
export interface Serial {
  /** Resolves when the work is done. */
  run(work: () => void | Promise<void>): Promise<void>;
  /** Resolves when all that was handed in so far is done, whatever became of it. */
  settled(): Promise<void>;
}

const DONE = Promise.resolve();

export function createSerial(): Serial {
  let last: Promise<void> | undefined;

  function follow(work: Promise<void>): Promise<void> {
    const quiet: Promise<void> = work.then(
      () => rest(quiet),
      () => rest(quiet),
    );
    last = quiet;
    return work;
  }

  function rest(mine: Promise<void>): void {
    if (last === mine) last = undefined;
  }

  return {
    run(work) {
      if (last !== undefined) return follow(last.then(work));
      try {
        const result = work();
        return result === undefined ? DONE : follow(result);
      } catch (error) {
        return Promise.reject(error);
      }
    },
    settled: () => last ?? DONE,
  };
}
