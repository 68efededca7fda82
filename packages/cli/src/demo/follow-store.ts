import type { TaskRecord, TaskStore } from '@mcp-tasks/client';
import type { TaskIndex } from './task-index.ts';

export interface FollowStoreOptions {
  readonly store: TaskStore;
  /** The name of this process in the store. */
  readonly owner: string;
  readonly index: Pick<TaskIndex, 'ids'>;
  readonly isRunHere: (id: string) => boolean;
  readonly deliver: (record: TaskRecord) => void;
  readonly drop: (id: string) => void;
}

/** Reads the records that other processes wrote, until `end`. */
export function followStore({ store, owner, index, isRunHere, deliver, drop }: FollowStoreOptions) {
  async function readAgain(ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      const record = await store.read(id);
      if (record === undefined) drop(id);
      else deliver(record);
    }
  }

  async function readAll(): Promise<void> {
    const { records } = await store.list();
    for (const record of [...records].sort((a, b) => a.createdAt - b.createdAt)) deliver(record);
    const found = new Set(records.map(({ id }) => id));
    for (const id of index.ids()) if (!found.has(id)) drop(id);
  }

  const read = (ids: readonly string[] | undefined): void =>
    void (ids === undefined ? readAll() : readAgain(ids)).catch(() => undefined);
  const unsubscribe = [
    store.onMail({ owner }, read),
    store.onMail({ all: true }, (ids) => read(ids?.filter((id) => !isRunHere(id)))),
  ];
  return {
    readAll,
    end() {
      for (const each of unsubscribe) each();
    },
  };
}
