import type { TaskStore } from '../store/task-store.ts';
import type { Member } from './store-member.ts';

export interface RecordMail {
  /** Selects the mail to receive: of tasks that this owner leads, and of all others. */
  listen(wanted: { readonly owner: boolean; readonly all: boolean }): void;
  /** The member leads its task from now on: mail received before is delivered to it. */
  led(member: Member): void;
}

/** The maximum number of tasks, not led here yet, whose mail is kept. */
const KEPT = 1_000;

export interface MailReaders {
  led(id: string): Member | undefined;
  readers(id: string): readonly Member[];
  allLed(): readonly Member[];
  allReaders(): readonly Member[];
}

/** Delivers writes of other workers and processes to the tasks that are led or followed here. */
export function createRecordMail(store: TaskStore, owner: string, of: MailReaders): RecordMail {
  let endOwner: (() => void) | undefined;
  let endAll: (() => void) | undefined;
  /** Tasks with mail that arrived before the response to their claim. */
  const early = new Set<string>();

  function toLeaders(ids: readonly string[] | undefined, refreshes: readonly string[] = []): void {
    if (ids === undefined) for (const member of of.allLed()) member.sync();
    for (const id of ids ?? []) {
      const member = of.led(id);
      if (member === undefined) keep(id);
      else member.sync();
    }
    for (const id of refreshes) of.led(id)?.refresh();
  }

  function keep(id: string): void {
    early.add(id);
    const [first] = early;
    if (early.size > KEPT && first !== undefined) early.delete(first);
  }

  async function toReaders(ids: readonly string[] | undefined): Promise<void> {
    const readers = ids === undefined ? of.allReaders() : ids.flatMap((id) => of.readers(id));
    for (const id of new Set(readers.map((reader) => reader.id))) {
      await Promise.all(of.readers(id).map((reader) => reader.reread()));
    }
  }

  return {
    listen(wanted) {
      if (!wanted.owner) endOwner = void endOwner?.();
      else endOwner ??= store.onMail({ owner }, toLeaders);
      if (!wanted.all) endAll = void endAll?.();
      else endAll ??= store.onMail({ all: true }, (ids) => void toReaders(ids));
    },
    led(member) {
      if (early.delete(member.id)) queueMicrotask(() => member.sync());
    },
  };
}
