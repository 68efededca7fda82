const DONE = Promise.resolve();

/** Runs work one piece at a time: at once and synchronously while the queue is empty. */
export class Serial {
  #last: Promise<void> | undefined;

  get isIdle(): boolean {
    return this.#last === undefined;
  }

  /** Resolves when this work is done. */
  run(work: () => void | Promise<void>): Promise<void> {
    if (this.#last !== undefined) return this.#follow(this.#last.then(work));
    try {
      const result = work();
      return result === undefined ? DONE : this.#follow(result);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** Resolves when all queued work has ended, failed or not. */
  settled(): Promise<void> {
    return this.#last ?? DONE;
  }

  #follow(work: Promise<void>): Promise<void> {
    const rest = (): void => {
      if (this.#last === quiet) this.#last = undefined;
    };
    const quiet: Promise<void> = work.then(rest, rest);
    this.#last = quiet;
    return work;
  }
}
