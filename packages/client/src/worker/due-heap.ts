/** A heap of keys by due time: earliest first, each key once. Setting a key again moves it. */
export interface DueHeap<Key> {
  readonly size: number;
  set(key: Key, at: number): void;
  delete(key: Key): void;
  /** The earliest due time; undefined if the heap is empty. */
  next(): number | undefined;
  /** Removes and returns the keys due at `now`, in order: at most `limit`, or all. */
  takeDue(now: number, limit?: number): readonly Key[];
}

interface Entry<Key> {
  readonly key: Key;
  readonly at: number;
  /** Breaks ties in order of insertion, so that no key starves. */
  readonly order: number;
}

function isBefore<Key>(a: Entry<Key>, b: Entry<Key>): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}

/** A binary heap; moved and deleted entries stay in it until they reach the top. */
export function createDueHeap<Key>(): DueHeap<Key> {
  const heap: Entry<Key>[] = [];
  const current = new Map<Key, Entry<Key>>();
  let order = 0;

  function push(entry: Entry<Key>): void {
    let index = heap.push(entry) - 1;
    while (index > 0) {
      const above = (index - 1) >> 1;
      const parent = heap[above] as Entry<Key>;
      if (!isBefore(entry, parent)) break;
      heap[index] = parent;
      index = above;
    }
    heap[index] = entry;
  }

  function pop(): void {
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let index = 0;
    for (;;) {
      let below = 2 * index + 1;
      const right = heap[below + 1];
      if (right !== undefined && isBefore(right, heap[below] as Entry<Key>)) below += 1;
      const child = heap[below];
      if (child === undefined || !isBefore(child, last)) break;
      heap[index] = child;
      index = below;
    }
    heap[index] = last;
  }

  function top(): Entry<Key> | undefined {
    for (;;) {
      const first = heap[0];
      if (first === undefined || current.get(first.key) === first) return first;
      pop();
    }
  }

  return {
    get size() {
      return current.size;
    },
    set(key, at) {
      order += 1;
      const entry = { key, at, order };
      current.set(key, entry);
      push(entry);
    },
    delete: (key) => void current.delete(key),
    next: () => top()?.at,
    takeDue(now, limit = Number.POSITIVE_INFINITY) {
      const due: Key[] = [];
      for (let first = top(); first !== undefined && first.at <= now && due.length < limit; first = top()) {
        pop();
        current.delete(first.key);
        due.push(first.key);
      }
      return due;
    },
  };
}
