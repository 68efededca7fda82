import type { TaskRecord } from '@mcp-tasks/client';
import { dropAt } from './expiry.ts';
import { stateOf } from './task-record.ts';

interface Entry {
  /** Grows from the oldest task to the newest. */
  readonly number: number;
  readonly changes: number;
  readonly isOpen: boolean;
  readonly session: string | undefined;
  readonly page: string;
  readonly dropAt: number | undefined;
}

/** A place in the list of a session, and the task there. */
export interface Listed {
  readonly id: string;
  readonly number: number;
}

/** The tasks of a store, in the order of their creation, without their contents. */
export interface TaskIndex {
  /** Adds a version of a task. Returns false if this version or a later one is known. */
  put(record: TaskRecord): boolean;
  drop(id: string): void;
  ids(): readonly string[];
  count(): { readonly all: number; readonly open: number };
  expired(now: number): readonly string[];
  ofPage(page: string): string | undefined;
  /** The tasks of a session after this number, oldest first. */
  ofSession(session: string | undefined, after: number, limit: number): readonly Listed[];
}

export function createTaskIndex(graceMs: number): TaskIndex {
  const entries = new Map<string, Entry>();
  const pages = new Map<string, string>();
  let open = 0;
  let last = 0;

  function drop(id: string): void {
    const entry = entries.get(id);
    if (entry === undefined) return;
    if (entry.isOpen) open -= 1;
    pages.delete(entry.page);
    entries.delete(id);
  }

  return {
    put(record) {
      const known = entries.get(record.id);
      const { changes, page } = stateOf(record);
      if (known !== undefined && known.changes >= changes) return false;
      if (known === undefined) last += 1;
      const isOpen = record.phase !== 'settled';
      open += Number(isOpen) - Number(known?.isOpen ?? false);
      const session = record.sessionId;
      const number = known?.number ?? last;
      entries.set(record.id, { number, changes, isOpen, session, page, dropAt: dropAt(record, graceMs) });
      pages.set(page, record.id);
      return true;
    },
    drop,
    ids: () => [...entries.keys()],
    count: () => ({ all: entries.size, open }),
    expired(now) {
      const past = [...entries].filter(([, entry]) => entry.dropAt !== undefined && now > entry.dropAt);
      return past.map(([id]) => id);
    },
    ofPage: (page) => pages.get(page),
    ofSession(session, after, limit) {
      const found = [...entries].filter(([, entry]) => entry.session === session && entry.number > after);
      return found.slice(0, limit).map(([id, { number }]) => ({ id, number }));
    },
  };
}
