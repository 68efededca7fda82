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

  const isMemoryRecord = async (id: string): Promise<boolean> => (await memory.read(id)) !== undefined;
  const storeOf = async (id: string): Promise<TaskStore> => ((await isMemoryRecord(id)) ? memory : disk);
  const isInMemory = (lease: Lease): boolean => lease.unsaved === true;
  const mark = ({ record, lease }: Claim): Claim => ({ record, lease: { ...lease, unsaved: true } });

  const reported = new Set<string>();

  /** Rethrows the failure; reports each record once, whose last saved version stays on disk. */
  async function reportingFailure<T>(ids: readonly string[], work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!isStoreTrouble(error)) throw error;
      for (const id of ids.filter((each) => !reported.has(each))) {
        const record = await disk.read(id).catch(() => undefined);
        if (record !== undefined) onUnsaved(record, error, 'disk');
        reported.add(id);
      }
      throw error;
    }
  }

  /** Claims from memory succeed even if the disk fails. */
  async function claimFromDisk(request: Parameters<TaskStore['claim']>[0], found: readonly Claim[]) {
    try {
      return await disk.claim({ ...request, limit: request.limit - found.length });
    } catch (error) {
      if (found.length > 0 && isStoreTrouble(error)) return [];
      throw error;
    }
  }

  async function mergePages(read: (store: TaskStore) => Promise<RecordPage>, limit?: number): Promise<RecordPage> {
    const [mine, theirs] = [await read(memory), await read(disk)];
    const sorted = [...mine.records, ...theirs.records].sort(compareRecords);
    const { records, next = mine.next ?? theirs.next } = pageOf(sorted, { ...(limit === undefined ? {} : { limit }) });
    return { records, skipped: theirs.skipped, ...(next === undefined ? {} : { next }) };
  }

  const updateOnDisk: TaskStore['updateMany'] = (steps) =>
    reportingFailure(
      steps.map(({ id }) => id),
      () => disk.updateMany(steps),
    );

  async function updateParts(steps: readonly Step[]): Promise<readonly (TaskRecord | undefined)[]> {
    const onDisk = steps.filter(({ lease }) => !isInMemory(lease));
    const mine = [...(await memory.updateMany(steps.filter(({ lease }) => isInMemory(lease))))];
    const theirs = onDisk.length === 0 ? [] : [...(await updateOnDisk(onDisk))];
    return steps.map(({ lease }) => (isInMemory(lease) ? mine : theirs).shift());
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
      const found = await mergePages((store) => store.find(prefix));
      const exact = found.records.filter((record) => record.id === prefix || record.taskId === prefix);
      return exact.length > 0 ? { ...found, records: exact } : found;
    },
    list: (filter, page = {}) => mergePages((store) => store.list(filter, page), page.limit),
    update: async (id, change, lease) =>
      (await isMemoryRecord(id))
        ? memory.update(id, change, lease)
        : reportingFailure([id], () => disk.update(id, change, lease)),
    updateMany: (steps) => (steps.some(({ lease }) => isInMemory(lease)) ? updateParts(steps) : updateOnDisk(steps)),
    renew: (owner) => disk.renew(owner),
    async claim(request) {
      const found = (await memory.claim(request)).map(mark);
      const isWhole = found.length >= Math.min(request.limit, request.ids?.length ?? Number.POSITIVE_INFINITY);
      return isWhole ? found : [...found, ...(await claimFromDisk(request, found))];
    },
    async release(leases) {
      await memory.release(leases.filter(isInMemory));
      const onDisk = leases.filter((lease) => !isInMemory(lease));
      if (onDisk.length > 0) await disk.release(onDisk);
    },
    async leave(owner) {
      await memory.leave(owner);
      await disk.leave(owner);
    },
    owners: () => disk.owners(),
    ownerOf: async (id) => (await storeOf(id)).ownerOf(id),
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
