import type { TaskStore } from '@mcp-tasks/client';
import type { Context } from '../context.ts';
import { stateDirectory } from '../state-directory.ts';

export interface OpenedStore {
  readonly store: TaskStore;
  /** Lease owner name of this process; other processes use it to detect that it has died. */
  readonly owner: string;
  /** Text about the record that could not be saved, if any: later processes cannot find its task. */
  readonly unsaved: () => string | undefined;
}

/** Opens the records of this machine. Loads SQLite, so only commands that need records call it. */
export async function openStore(context: Context, onNotice: (text: string) => void): Promise<OpenedStore> {
  const { openSqliteStore, processOwner } = await import('@mcp-tasks/client/sqlite-store');
  const store = await openSqliteStore({ directory: stateDirectory(context), onNotice });
  return { store, owner: processOwner(), unsaved: () => undefined };
}

/**
 * Falls back to memory with a warning if nothing can be written: for commands whose call matters more than its record.
 */
export async function openStoreOrMemory(context: Context, onNotice: (text: string) => void): Promise<OpenedStore> {
  const { openSqliteStoreOrMemory, processOwner } = await import('@mcp-tasks/client/sqlite-store');
  let unsaved: string | undefined;
  const store = await openSqliteStoreOrMemory({
    directory: stateDirectory(context),
    onNotice(text) {
      if (text.startsWith('NOT SAVED')) unsaved = text;
      onNotice(text);
    },
  });
  return { store, owner: processOwner(), unsaved: () => unsaved };
}
