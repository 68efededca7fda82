/** Calls `release` when the iterator ends or is left. */
export function releaseOnEnd<T>(from: AsyncIterableIterator<T>, release: () => void): AsyncIterableIterator<T> {
  return {
    async next() {
      const result = await from.next();
      if (result.done === true) release();
      return result;
    },
    async return() {
      release();
      await from.return?.();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

/** Filters values. Leaving the loop ends the source too. */
export function filterIterator<T>(
  from: AsyncIterableIterator<T>,
  isWanted: (value: T) => boolean,
): AsyncIterableIterator<T> {
  return {
    async next() {
      let result = await from.next();
      while (result.done !== true && !isWanted(result.value)) result = await from.next();
      return result;
    },
    async return() {
      await from.return?.();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

/** The values of an iterator that the first `next()` opens. */
export function openLazily<T>(open: () => Promise<AsyncIterableIterator<T>>): AsyncIterableIterator<T> {
  let opened: Promise<AsyncIterableIterator<T>> | undefined;
  return {
    next: async () => {
      opened ??= open();
      return (await opened).next();
    },
    async return() {
      await opened?.then(
        (from) => from.return?.(),
        () => undefined,
      );
      opened = Promise.resolve(emptyIterator<T>());
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

function emptyIterator<T>(): AsyncIterableIterator<T> {
  return {
    next: async () => ({ done: true, value: undefined }),
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
