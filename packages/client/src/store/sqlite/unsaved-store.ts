import { TaskError } from '../../errors.ts';
import type { TaskRecord } from '../../task/record.ts';
import { createMemoryStore } from '../memory-store.ts';
import { compareRecords, pageOf } from '../record-rules.ts';
import type { Claim, Lease, RecordPage, Step, TaskStore } from '../task-store.ts';

/** True for a failure of the store itself: new tasks can go on in memory. */
function isStoreTrouble(error: unknown): error is TaskError {
  return error instanceof TaskError && (error.code === 'store-unwritable' || error.code === 'store-corrupt');
}

/**
 * Keeps tasks in memory that are created while the disk fails, and reports each. Tasks on disk are never driven from
 * memory, since other processes can see them.
 */
export function createUnsavedStore(
  disk: TaskStore,
  onUnsaved: (record: TaskRecord, problem: TaskError, where: 'memory' | 'disk') => void,
): TaskStore {
  // A clock that stands still: no other process can claim these tasks, so their owners need no heartbeat.
  const memory = createMemoryStore({ clock: { now: () => 0 } });

  const isHere = async (id: string): Promise<boolean> => (await memory.read(id)) !== undefined;
  const placeOf = async (id: string): Promise<TaskStore> => ((await isHere(id)) ? memory : disk);
  const here = (lease: Lease): boolean => lease.unsaved === true;
  const mark = ({ record, lease }: Claim): Claim => ({ record, lease: { ...lease, unsaved: true } });

  const told = new Set<string>();

  /** Rethrows the failure; reports each record once, whose last saved version stays on disk. */
  async function saying<T>(ids: readonly string[], work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!isStoreTrouble(error)) throw error;
      for (const id of ids.filter((each) => !told.has(each))) {
        const record = await disk.read(id).catch(() => undefined);
        if (record !== undefined) onUnsaved(record, error, 'disk');
        told.add(id);
      }
      throw error;
    }
  }

  /** Claims from memory succeed even if the disk fails. */
  async function claimThere(request: Parameters<TaskStore['claim']>[0], found: readonly Claim[]) {
    try {
      return await disk.claim({ ...request, limit: request.limit - found.length });
    } catch (error) {
      if (found.length > 0 && isStoreTrouble(error)) return [];
      throw error;
    }
  }

  async function bothPages(look: (store: TaskStore) => Promise<RecordPage>, limit?: number): Promise<RecordPage> {
    const [mine, theirs] = [await look(memory), await look(disk)];
    const sorted = [...mine.records, ...theirs.records].sort(compareRecords);
    const { records, next = mine.next ?? theirs.next } = pageOf(sorted, { ...(limit === undefined ? {} : { limit }) });
    return { records, skipped: theirs.skipped, ...(next === undefined ? {} : { next }) };
  }

  const updateThere: TaskStore['updateMany'] = (steps) =>
    saying(
      steps.map(({ id }) => id),
      () => disk.updateMany(steps),
    );

  async function updateParts(steps: readonly Step[]): Promise<readonly (TaskRecord | undefined)[]> {
    const there = steps.filter(({ lease }) => !here(lease));
    const mine = [...(await memory.updateMany(steps.filter(({ lease }) => here(lease))))];
    const theirs = there.length === 0 ? [] : [...(await updateThere(there))];
    return steps.map(({ lease }) => (here(lease) ? mine : theirs).shift());
  }

  return {
    ...(disk.newOwner === undefined ? {} : { newOwner: disk.newOwner }),
    async create(record, owner) {
      try {
        await disk.create(record, owner);
      } catch (error) {
        if (!isStoreTrouble(error)) throw error;
        await memory.create(record);
        onUnsaved(record, error, 'memory');
      }
    },
    read: async (id) => (await memory.read(id)) ?? disk.read(id),
    async find(prefix) {
      const found = await bothPages((store) => store.find(prefix));
      const exact = found.records.filter((record) => record.id === prefix || record.taskId === prefix);
      return exact.length > 0 ? { ...found, records: exact } : found;
    },
    list: (filter, page = {}) => bothPages((store) => store.list(filter, page), page.limit),
    update: async (id, change, lease) =>
      (await isHere(id)) ? memory.update(id, change, lease) : saying([id], () => disk.update(id, change, lease)),
    updateMany: (steps) => (steps.some(({ lease }) => here(lease)) ? updateParts(steps) : updateThere(steps)),
    renew: (owner) => disk.renew(owner),
    async claim(request) {
      const found = (await memory.claim(request)).map(mark);
      const isWhole = found.length >= Math.min(request.limit, request.ids?.length ?? Number.POSITIVE_INFINITY);
      return isWhole ? found : [...found, ...(await claimThere(request, found))];
    },
    async release(leases) {
      await memory.release(leases.filter(here));
      const there = leases.filter((lease) => !here(lease));
      if (there.length > 0) await disk.release(there);
    },
    async leave(owner) {
      await memory.leave(owner);
      await disk.leave(owner);
    },
    owners: () => disk.owners(),
    ownerOf: async (id) => (await placeOf(id)).ownerOf(id),
    onMail(interest, listener) {
      const ends = [memory.onMail(interest, listener), disk.onMail(interest, listener)];
      return () => {
        for (const end of ends) end();
      };
    },
    async remove(id) {
      const wasHere = await memory.remove(id);
      return wasHere || disk.remove(id);
    },
    prune: async (before) => (await memory.prune(before)) + (await disk.prune(before)),
    close: () => disk.close(),
  };
}
