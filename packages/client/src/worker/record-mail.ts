import type { TaskStore } from '../store/task-store.ts';
import type { Member } from './store-member.ts';

export interface RecordMail {
  /** Which mail to hear: that of tasks that this owner leads, and that of all others. */
  listen(wanted: { readonly owner: boolean; readonly all: boolean }): void;
}

export interface MailReaders {
  led(id: string): Member | undefined;
  readers(id: string): readonly Member[];
  allLed(): readonly Member[];
  allReaders(): readonly Member[];
}

/** Brings what other workers and processes wrote to the tasks that are led or followed here. */
export function createRecordMail(store: TaskStore, owner: string, of: MailReaders): RecordMail {
  let endOwner: (() => void) | undefined;
  let endAll: (() => void) | undefined;

  function toLeaders(ids: readonly string[] | undefined): void {
    const led = ids === undefined ? of.allLed() : ids.flatMap((id) => of.led(id) ?? []);
    for (const member of led) member.look();
  }

  async function toReaders(ids: readonly string[] | undefined): Promise<void> {
    const readers = ids === undefined ? of.allReaders() : ids.flatMap((id) => of.readers(id));
    for (const id of new Set(readers.map((reader) => reader.id))) {
      try {
        const record = await store.read(id);
        for (const reader of of.readers(id)) reader.recordChanged(record);
      } catch {
        // What cannot be read now is told by the next mail, and by who leads the task.
      }
    }
  }

  return {
    listen(wanted) {
      if (!wanted.owner) endOwner = void endOwner?.();
      else endOwner ??= store.onMail({ owner }, toLeaders);
      if (!wanted.all) endAll = void endAll?.();
      else endAll ??= store.onMail({ all: true }, (ids) => void toReaders(ids));
    },
  };
}
