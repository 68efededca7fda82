/** So many places at the front are empty before the list is cut. */
const CUT = 1_000;

/** One request that waits for its turn. */
export interface Waiter {
  enter(): void;
  /** It was given up. */
  left: boolean;
}

/** Waiters in the order they came; those that left are passed over. */
export interface WaitingLine {
  push(waiter: Waiter): void;
  /** Who is first now. */
  next(): Waiter | undefined;
  /** Takes out the first. */
  shift(): Waiter | undefined;
}

export function createWaitingLine(): WaitingLine {
  let waiting: Waiter[] = [];
  let first = 0;

  function next(): Waiter | undefined {
    while (waiting[first]?.left === true) first += 1;
    return waiting[first];
  }

  return {
    push: (waiter) => void waiting.push(waiter),
    next,
    shift() {
      const waiter = next();
      first += 1;
      if (first < CUT) return waiter;
      waiting = waiting.slice(first);
      first = 0;
      return waiter;
    },
  };
}
