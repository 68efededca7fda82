import { TaskError } from '../../errors.ts';
import type { TaskRecord } from '../../task/record.ts';
import { createMemoryStore } from '../memory-store.ts';
import { compareRecords } from '../record-rules.ts';
import type { Lease, TaskStore, TimedLease } from '../task-store.ts';

/** Whether the store itself is in trouble, so that the work may go on without it. */
function isStoreTrouble(error: unknown): error is TaskError {
  return error instanceof TaskError && (error.code === 'store-unwritable' || error.code === 'store-corrupt');
}

/**
 * Goes on in memory with what the store cannot take, and says so for every record it happens to. What is on disk is
 * still read. A record that moved to memory stays there: its newer state is known to this process only.
 */
export function createUnsavedStore(
  disk: TaskStore,
  onUnsaved: (record: TaskRecord, problem: TaskError) => void,
): TaskStore {
  const memory = createMemoryStore();
  /** Leases of the disk that still count for a record which has moved, and those that took their place. */
  const renewed = new Map<string, Lease>();
  const places = createPlaces();

  const keyOf = (lease: Lease): string => `${lease.id} ${lease.owner} ${lease.fence}`;
  const inMemory = async (id: string): Promise<boolean> => (await memory.read(id)) !== undefined;

  async function move(id: string, problem: TaskError, lease?: Lease | TimedLease): Promise<void> {
    const record = await disk.read(id);
    if (record === undefined || (await inMemory(id))) return;
    await memory.create(record);
    if (lease !== undefined && 'expiresAt' in lease) {
      const held = await memory.acquireLease(id, lease.owner, 0, lease.expiresAt);
      if (held !== undefined) renewed.set(keyOf(lease), held);
    }
    onUnsaved(record, problem);
  }

  /** What the disk says, or what the memory says once the disk is in trouble or the record has moved. */
  async function onDisk<T>(id: string, work: () => Promise<T>, instead: () => Promise<T>, lease?: Lease): Promise<T> {
    if (await inMemory(id)) return instead();
    try {
      return await work();
    } catch (error) {
      if (!isStoreTrouble(error)) throw error;
      await move(id, error, lease);
      return instead();
    }
  }

  async function both(look: (store: TaskStore) => Promise<readonly TaskRecord[]>): Promise<readonly TaskRecord[]> {
    const here = await look(memory);
    const there = await Promise.all(
      (await look(disk)).map(async (record) => ((await inMemory(record.id)) ? [] : [record])),
    );
    return [...here, ...there.flat()].sort(compareRecords);
  }

  return {
    ...(disk.newOwner === undefined ? {} : { newOwner: disk.newOwner }),
    async create(record) {
      try {
        await disk.create(record);
      } catch (error) {
        if (!isStoreTrouble(error)) throw error;
        await memory.create(record);
        onUnsaved(record, error);
      }
    },
    read: async (id) => (await memory.read(id)) ?? disk.read(id),
    async find(prefix) {
      const found = await both((store) => store.find(prefix));
      const exact = found.filter((record) => record.id === prefix || record.taskId === prefix);
      return exact.length > 0 ? exact : found;
    },
    lookUp: (prefix) => disk.lookUp(prefix),
    listPage: (filter, page) => disk.listPage(filter, page),
    updateMany: (steps) => disk.updateMany(steps),
    renew: (owner) => disk.renew(owner),
    claim: (request) => disk.claim(request),
    release: (leases) => disk.release(leases),
    leave: (owner) => disk.leave(owner),
    owners: () => disk.owners(),
    ownerOf: (id) => disk.ownerOf(id),
    onMail: (interest, listener) => disk.onMail(interest, listener),
    list: (filter) => both((store) => store.list(filter)),
    update: (id, change, lease) =>
      onDisk(
        id,
        () => disk.update(id, change, lease),
        () => memory.update(id, change, lease && (renewed.get(keyOf(lease)) ?? lease)),
        lease,
      ),
    acquireLease: (id, owner, now, durationMs) =>
      onDisk(
        id,
        () => disk.acquireLease(id, owner, now, durationMs),
        () => memory.acquireLease(id, owner, now, durationMs),
      ),
    releaseLease: (lease) =>
      onDisk(
        lease.id,
        () => disk.releaseLease(lease),
        () => memory.releaseLease(renewed.get(keyOf(lease)) ?? lease),
        lease,
      ),
    leaseOf: async (id) => ((await inMemory(id)) ? memory.leaseOf(id) : disk.leaseOf(id)),
    async changesSince(sequence) {
      const since = places.read(sequence);
      const [there, here] = [await disk.changesSince(since.disk), await memory.changesSince(since.memory)];
      const moved = await Promise.all(there.changed.map((record) => inMemory(record.id)));
      return {
        sequence: places.write({ disk: there.sequence, memory: here.sequence }),
        changed: [...there.changed.filter((_, index) => !moved[index]), ...here.changed],
        removed: [...there.removed, ...here.removed],
      };
    },
    async remove(id) {
      const here = await memory.remove(id);
      return (await disk.remove(id)) || here;
    },
    prune: async (before) => (await memory.prune(before)) + (await disk.prune(before)),
    close: () => disk.close(),
  };
}

interface Place {
  readonly disk: number;
  readonly memory: number;
}

const MEMORY_LIMIT = 2 ** 26;

/** How far somebody has read in both, as one number that grows: there are several who read, each at a pace of its own. */
function createPlaces() {
  let first: number | undefined;
  return {
    write({ disk, memory }: Place): number {
      first ??= disk;
      return (disk - first + 1) * MEMORY_LIMIT + memory;
    },
    read(place: number): Place {
      if (place === 0 || first === undefined) return { disk: 0, memory: 0 };
      return { disk: Math.floor(place / MEMORY_LIMIT) - 1 + first, memory: place % MEMORY_LIMIT };
    },
  };
}
