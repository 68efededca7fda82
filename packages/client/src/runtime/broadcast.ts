/** Hands values to any number of `for await` loops; each sees all that came after it began. */
export interface Broadcast<T> {
  publish(value: T): void;
  subscribe(first?: T): AsyncIterableIterator<T>;
  end(): void;
}

interface Reader<T> {
  readonly queue: T[];
  wake: () => void;
}

export function createBroadcast<T>(): Broadcast<T> {
  const readers = new Set<Reader<T>>();
  let ended = false;

  async function* read(reader: Reader<T>): AsyncIterableIterator<T> {
    try {
      for (;;) {
        while (reader.queue.length > 0) yield reader.queue.shift() as T;
        if (ended) return;
        await new Promise<void>((resolve) => {
          reader.wake = resolve;
        });
      }
    } finally {
      readers.delete(reader);
    }
  }

  return {
    publish(value) {
      for (const reader of readers) {
        reader.queue.push(value);
        reader.wake();
      }
    },
    subscribe(first) {
      const reader: Reader<T> = { queue: first === undefined ? [] : [first], wake: () => undefined };
      readers.add(reader);
      return read(reader);
    },
    end() {
      ended = true;
      for (const reader of readers) reader.wake();
    },
  };
}
