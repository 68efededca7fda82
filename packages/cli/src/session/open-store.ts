import type { TaskStore } from '@mcp-tasks/client';
import type { Context } from '../context.ts';
import { stateDirectory } from '../state-directory.ts';

export interface OpenedStore {
  readonly store: TaskStore;
  /** Who we are for leases: names this process, so that others see when it has died. */
  readonly owner: string;
  /** What could not be written, in words, once a record could not: then nobody finds its task here after us. */
  readonly unsaved: () => string | undefined;
}

/** The records of this machine. Loads SQLite, so only commands that need records call it. */
export async function openStore(context: Context, onNotice: (text: string) => void): Promise<OpenedStore> {
  const { openSqliteStore, processOwner } = await import('@mcp-tasks/client/sqlite-store');
  const store = await openSqliteStore({ directory: stateDirectory(context), onNotice });
  return { store, owner: processOwner(), unsaved: () => undefined };
}

/** For what is worth more than its record: where nothing can be written it goes on, and says so loudly. */
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
