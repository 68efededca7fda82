/** Splits very large amounts of work over several turns of the event loop, so that other work runs in between. */
export interface Turns {
  /**
   * Undefined when the work may begin now; else resolves when it may, in order of the requests.
   * `weight`: how much of a turn it uses. @default 1
   */
  take(weight?: number): Promise<void> | undefined;
}

interface Waiting {
  readonly weight: number;
  begin(): void;
}

export function createTurns(perTurn: number, later: (work: () => void) => void = (work) => setTimeout(work, 0)): Turns {
  let left = perTurn;
  let waiting: Waiting[] = [];
  let isPlanned = false;

  function plan(): void {
    if (isPlanned) return;
    isPlanned = true;
    later(() => {
      isPlanned = false;
      left = perTurn;
      const begun = shift();
      if (begun.length > 0) plan();
      for (const { begin } of begun) begin();
    });
  }

  function shift(): readonly Waiting[] {
    let count = 0;
    for (; count < waiting.length && left > 0; count += 1) left -= waiting[count]?.weight ?? 0;
    const begun = waiting.slice(0, count);
    waiting = waiting.slice(count);
    return begun;
  }

  return {
    take(weight = 1) {
      plan();
      if (left > 0 && waiting.length === 0) {
        left -= weight;
        return undefined;
      }
      return new Promise((begin) => waiting.push({ weight, begin }));
    },
  };
}
