/** Delivers values to any number of `for await` loops; each receives all values since it began. */
export interface Broadcast<T> {
  /** Whether a loop is subscribed. */
  readonly hasReaders: boolean;
  publish(value: T): void;
  /** With `isLast`, the loop ends after the first value that matches. */
  subscribe(first?: readonly T[], isLast?: (value: T) => boolean): AsyncIterableIterator<T>;
  end(): void;
}

interface Reader<T> {
  push(value: T): void;
  end(): void;
}

/** Not a generator: `return()` of a generator waits until its pending `next()` resolves. */
class Reading<T> implements AsyncIterableIterator<T>, Reader<T> {
  readonly #queue: T[] = [];
  readonly #waiting: ((result: IteratorResult<T, undefined>) => void)[] = [];
  readonly #isLast: (value: T) => boolean;
  readonly #ended: (reader: Reader<T>) => void;
  #isOver = false;

  constructor(isLast: (value: T) => boolean, ended: (reader: Reader<T>) => void) {
    this.#isLast = isLast;
    this.#ended = ended;
  }

  push(value: T): void {
    if (this.#isOver) return;
    const next = this.#waiting.shift();
    if (next === undefined) this.#queue.push(value);
    else next({ done: false, value });
    if (this.#isLast(value)) this.end();
  }

  end(): void {
    this.#isOver = true;
    this.#ended(this);
    for (const next of this.#waiting.splice(0)) next({ done: true, value: undefined });
  }

  next(): Promise<IteratorResult<T, undefined>> {
    if (this.#queue.length > 0) return Promise.resolve({ done: false, value: this.#queue.shift() as T });
    if (this.#isOver) return Promise.resolve({ done: true, value: undefined });
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  return(): Promise<IteratorResult<T, undefined>> {
    this.#queue.length = 0;
    this.end();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}

class Broadcasting<T> implements Broadcast<T> {
  #readers: Set<Reader<T>> | undefined;
  #isEnded = false;

  get hasReaders(): boolean {
    return this.#readers !== undefined && this.#readers.size > 0;
  }

  publish(value: T): void {
    if (this.#readers !== undefined) for (const reader of [...this.#readers]) reader.push(value);
  }

  subscribe(first: readonly T[] = [], isLast: (value: T) => boolean = () => false): AsyncIterableIterator<T> {
    const reader = new Reading<T>(isLast, (each) => this.#readers?.delete(each));
    this.#readers ??= new Set();
    this.#readers.add(reader);
    for (const value of first) reader.push(value);
    if (this.#isEnded) reader.end();
    return reader;
  }

  end(): void {
    this.#isEnded = true;
    for (const reader of [...(this.#readers ?? [])]) reader.end();
  }
}

/** Costs almost nothing without a subscriber. */
export function createBroadcast<T>(): Broadcast<T> {
  return new Broadcasting<T>();
}

/** Maps the values of an iterator. Leaving the loop ends the source too. */
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
