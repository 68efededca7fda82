import type { TaskStore } from '../task-store.ts';

interface Place {
  readonly disk: number;
  readonly memory: number;
}

const MEMORY_LIMIT = 2 ** 26;

/** The changes of both stores, with how far somebody has read in each as one number that grows. */
export function createBothChanges(disk: TaskStore, memory: TaskStore): TaskStore['changesSince'] {
  let first: number | undefined;

  function write(place: Place): number {
    first ??= place.disk;
    return (place.disk - first + 1) * MEMORY_LIMIT + place.memory;
  }

  function read(place: number): Place {
    if (place === 0 || first === undefined) return { disk: 0, memory: 0 };
    return { disk: Math.floor(place / MEMORY_LIMIT) - 1 + first, memory: place % MEMORY_LIMIT };
  }

  return async (sequence) => {
    const since = read(sequence);
    const [there, here] = [await disk.changesSince(since.disk), await memory.changesSince(since.memory)];
    return {
      sequence: write({ disk: there.sequence, memory: here.sequence }),
      changed: [...there.changed, ...here.changed],
      removed: [...there.removed, ...here.removed],
    };
  };
}
