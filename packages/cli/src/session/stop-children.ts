import type { TaskRecord, TaskStore } from '@mcp-tasks/client';
import { endsWithServer, withServerStopped } from './work-of-children.ts';

export interface Children {
  readonly store: Pick<TaskStore, 'ownerOf' | 'update'>;
  /** Lease owner name of this process. */
  readonly owner: string;
  readonly now: () => number;
}

/** Records whose work ends with the children of this process, excluding tasks held by another live process. */
export async function findWork(
  records: readonly TaskRecord[],
  { store, owner }: Pick<Children, 'store' | 'owner'>,
): Promise<readonly TaskRecord[]> {
  const held = await Promise.all(
    records.filter(endsWithServer).map(async (record) => {
      const holder = await store.ownerOf(record.id).catch(() => undefined);
      return holder === undefined || holder === owner ? [record] : [];
    }),
  );
  return held.flat();
}

/** Records whose tasks this keeper drives. */
export async function findKept(
  records: readonly TaskRecord[],
  pid: number,
  store: Pick<TaskStore, 'ownerOf'>,
): Promise<readonly TaskRecord[]> {
  const kept = await Promise.all(
    records.filter(endsWithServer).map(async (record) => {
      const owner = await store.ownerOf(record.id).catch(() => undefined);
      return Number(owner?.split(':')[1]) === pid ? [record] : [];
    }),
  );
  return kept.flat();
}

/** Records that the servers were stopped; a record that cannot be written stays as it was last saved. */
export async function recordStopped(work: readonly TaskRecord[], { store, now }: Children): Promise<void> {
  await Promise.all(
    work.map(({ id }) => store.update(id, (record) => withServerStopped(record, now())).catch(() => undefined)),
  );
}
