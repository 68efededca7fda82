import type { Lease } from '../store/task-store.ts';

/** Leases held by the owners of this process. */
export interface HeldTasks {
  has(lease: Lease): boolean;
  add(owner: string, lease: Lease): void;
  remove(lease: Lease): void;
  drop(owner: string): void;
  counts(): readonly (readonly [string, number])[];
}

export function createHeldTasks(): HeldTasks {
  const held = new Map<string, Map<string, number>>();
  return {
    has: ({ owner, id, fence }) => held.get(owner)?.get(id) === fence,
    add(owner, { id, fence }) {
      const own = held.get(owner) ?? new Map<string, number>();
      own.set(id, fence);
      held.set(owner, own);
    },
    remove({ owner, id }) {
      held.get(owner)?.delete(id);
    },
    drop: (owner) => void held.delete(owner),
    counts: () => [...held].map(([owner, own]) => [owner, own.size] as const),
  };
}
