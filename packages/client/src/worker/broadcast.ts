/** Hands values to any number of `for await` loops; each sees all that came after it began. */
export interface Broadcast<T> {
  publish(value: T): void;
  /** With `isLast`, the loop ends after the first such value. */
  subscribe(first?: readonly T[], isLast?: (value: T) => boolean): AsyncIterableIterator<T>;
  end(): void;
}

interface Reader<T> {
  take(value: T): void;
  end(): void;
}

export function createBroadcast<T>(): Broadcast<T> {
  const readers = new Set<Reader<T>>();
  let ended = false;

  /** No generator: one that waits for its next value cannot be left before that value comes. */
  function read(first: readonly T[], isLast: (value: T) => boolean): AsyncIterableIterator<T> {
    const queue: T[] = [];
    const waiting: ((result: IteratorResult<T, undefined>) => void)[] = [];
    let over = false;

    const reader: Reader<T> = {
      take(value) {
        if (over) return;
        const next = waiting.shift();
        if (next === undefined) queue.push(value);
        else next({ done: false, value });
        if (isLast(value)) reader.end();
      },
      end() {
        over = true;
        readers.delete(reader);
        for (const next of waiting.splice(0)) next({ done: true, value: undefined });
      },
    };
    readers.add(reader);
    for (const value of first) reader.take(value);
    if (ended) reader.end();

    return {
      next() {
        if (queue.length > 0) return Promise.resolve({ done: false, value: queue.shift() as T });
        if (over) return Promise.resolve({ done: true, value: undefined });
        return new Promise((resolve) => waiting.push(resolve));
      },
      return() {
        queue.length = 0;
        reader.end();
        return Promise.resolve({ done: true, value: undefined });
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }

  return {
    publish(value) {
      for (const reader of [...readers]) reader.take(value);
    },
    subscribe: (first = [], isLast = () => false) => read(first, isLast),
    end() {
      ended = true;
      for (const reader of [...readers]) reader.end();
    },
  };
}

/** The same values, each as `map` makes it; leaving the loop leaves the one beneath. */
export function mapIterator<T, U>(from: AsyncIterableIterator<T>, map: (value: T) => U): AsyncIterableIterator<U> {
  const mapped = (result: IteratorResult<T>): IteratorResult<U> =>
    result.done === true ? { done: true, value: undefined } : { done: false, value: map(result.value) };
  return {
    next: async () => mapped(await from.next()),
    return: async () => {
      await from.return?.();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
