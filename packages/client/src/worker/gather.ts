/** Batches the items of one turn of the event loop. */
export function gather<T, R>(work: (items: readonly T[]) => Promise<R>): (item: T) => Promise<R> {
  let items: T[] = [];
  let done: Promise<R> | undefined;
  return (item) => {
    items.push(item);
    done ??= Promise.resolve().then(() => {
      const all = items;
      items = [];
      done = undefined;
      return work(all);
    });
    return done;
  };
}
