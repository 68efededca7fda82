import { TaskError } from '../../errors.ts';
import type { TaskRecord } from '../../task/record.ts';
import { createMemoryStore } from '../memory-store.ts';
import { compareRecords, pageOf } from '../record-rules.ts';
import type { Claim, ClaimRequest, Lease, RecordPage, Step, TaskStore } from '../task-store.ts';

/** Called for each record that is only in memory, and for each whose last saved version stays on disk. */
type OnUnsaved = (record: TaskRecord, problem: TaskError, where: 'memory' | 'disk') => void;

/** Records that were never saved are in memory, all others on disk. */
interface Places {
  readonly memory: TaskStore;
  readonly disk: TaskStore;
}

/** True for a failure of the store itself: new tasks can be kept in memory. */
function isStoreFailure(error: unknown): error is TaskError {
  return error instanceof TaskError && (error.code === 'store-unwritable' || error.code === 'store-corrupt');
}

const isInMemory = ({ unsaved }: Lease): boolean => unsaved === true;

/**
 * Keeps tasks in memory that are created while the disk fails, and reports each. Tasks on disk are never driven from
 * memory, since other processes can see them.
 */
export function createUnsavedStore(disk: TaskStore, onUnsaved: OnUnsaved): TaskStore {
  // A stopped clock: no other process can claim these tasks, so their owners need no heartbeat.
  const memory = createMemoryStore({ clock: { now: () => 0 } });
  const places: Places = { memory, disk };
  const isMemoryRecord = async (id: string): Promise<boolean> => (await memory.read(id)) !== undefined;
  const reportingFailure = createReporting(disk, onUnsaved);
  const updateOnDisk: TaskStore['updateMany'] = (steps) =>
    reportingFailure(
      steps.map(({ id }) => id),
      () => disk.updateMany(steps),
    );

  return {
    ...(disk.newOwner === undefined ? {} : { newOwner: disk.newOwner }),
    async create(record, owner) {
      try {
        await disk.create(record, owner);
      } catch (error) {
        if (!isStoreFailure(error)) throw error;
        await memory.create(record);
        onUnsaved(record, error, 'memory');
      }
    },
    read: async (id) => (await memory.read(id)) ?? disk.read(id),
    async find(prefix) {
      const found = await mergePages(places, (store) => store.find(prefix));
      const exact = found.records.filter((record) => record.id === prefix || record.taskId === prefix);
      return exact.length > 0 ? { ...found, records: exact } : found;
    },
    list: (filter, page = {}) => mergePages(places, (store) => store.list(filter, page), page.limit),
    update: async (id, change, lease) =>
      (await isMemoryRecord(id))
        ? memory.update(id, change, lease)
        : reportingFailure([id], () => disk.update(id, change, lease)),
    updateMany: (steps) =>
      steps.some(({ lease }) => isInMemory(lease)) ? updateParts(memory, updateOnDisk, steps) : updateOnDisk(steps),
    renew: (owner) => disk.renew(owner),
    claim: (request) => claimFromBoth(places, request),
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
    ownerOf: async (id) => ((await isMemoryRecord(id)) ? memory : disk).ownerOf(id),
    onMail(interest, listener) {
      const ends = [memory.onMail(interest, listener), disk.onMail(interest, listener)];
      return () => {
        for (const end of ends) end();
      };
    },
    remove: async (id) => (await memory.remove(id)) || disk.remove(id),
    prune: async (before) => (await memory.prune(before)) + (await disk.prune(before)),
    close: () => disk.close(),
  };
}

/** Runs work on the disk. If it fails, rethrows, and reports each record of the work once. */
function createReporting(disk: TaskStore, onUnsaved: OnUnsaved) {
  const reported = new Set<string>();
  return async <T>(ids: readonly string[], work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      if (!isStoreFailure(error)) throw error;
      for (const id of ids.filter((each) => !reported.has(each))) {
        const record = await disk.read(id).catch(() => undefined);
        if (record !== undefined) onUnsaved(record, error, 'disk');
        reported.add(id);
      }
      throw error;
    }
  };
}

async function mergePages(
  { memory, disk }: Places,
  read: (store: TaskStore) => Promise<RecordPage>,
  limit?: number,
): Promise<RecordPage> {
  const [unsaved, saved] = [await read(memory), await read(disk)];
  const sorted = [...unsaved.records, ...saved.records].sort(compareRecords);
  const { records, next = unsaved.next ?? saved.next } = pageOf(sorted, { ...(limit === undefined ? {} : { limit }) });
  return { records, skipped: saved.skipped, ...(next === undefined ? {} : { next }) };
}

/** Returns the results in the order of the steps. */
async function updateParts(
  memory: TaskStore,
  updateOnDisk: TaskStore['updateMany'],
  steps: readonly Step[],
): Promise<readonly (TaskRecord | undefined)[]> {
  const onDisk = steps.filter(({ lease }) => !isInMemory(lease));
  const unsaved = [...(await memory.updateMany(steps.filter(({ lease }) => isInMemory(lease))))];
  const saved = onDisk.length === 0 ? [] : [...(await updateOnDisk(onDisk))];
  return steps.map(({ lease }) => (isInMemory(lease) ? unsaved : saved).shift());
}

async function claimFromBoth({ memory, disk }: Places, request: ClaimRequest): Promise<readonly Claim[]> {
  const unsaved = (await memory.claim(request)).map(
    ({ record, lease }): Claim => ({ record, lease: { ...lease, unsaved: true } }),
  );
  const isWhole = unsaved.length >= Math.min(request.limit, request.ids?.length ?? Number.POSITIVE_INFINITY);
  if (isWhole) return unsaved;
  try {
    return [...unsaved, ...(await disk.claim({ ...request, limit: request.limit - unsaved.length }))];
  } catch (error) {
    // Claims from memory succeed even if the disk fails.
    if (unsaved.length > 0 && isStoreFailure(error)) return unsaved;
    throw error;
  }
}
