/** Compact the list after this many removed entries. */
const CUT = 1_000;

/** One queued request. */
export interface Waiter {
  enter(): void;
  /** The request was aborted. */
  left: boolean;
}

/** A queue in order of arrival; aborted requests are skipped. */
export interface RequestQueue {
  push(waiter: Waiter): void;
  /** The first request. */
  next(): Waiter | undefined;
  /** Removes the first request. */
  shift(): Waiter | undefined;
}

export function createRequestQueue(): RequestQueue {
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
