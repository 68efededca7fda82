/** Splits very large amounts of work over several turns of the event loop, so that other work runs in between. */
export interface Turns {
  /** Undefined when the work may begin now; else resolves when it may, in order of the requests. */
  take(): Promise<void> | undefined;
}

export function createTurns(perTurn: number, later: (work: () => void) => void = (work) => setTimeout(work, 0)): Turns {
  let left = perTurn;
  let waiting: (() => void)[] = [];
  let isPlanned = false;

  function plan(): void {
    if (isPlanned) return;
    isPlanned = true;
    later(() => {
      isPlanned = false;
      const begun = waiting.slice(0, perTurn);
      waiting = waiting.slice(perTurn);
      left = perTurn - begun.length;
      if (begun.length > 0) plan();
      for (const begin of begun) begin();
    });
  }

  return {
    take() {
      plan();
      if (left > 0 && waiting.length === 0) {
        left -= 1;
        return undefined;
      }
      return new Promise((resolve) => waiting.push(resolve));
    },
  };
}
