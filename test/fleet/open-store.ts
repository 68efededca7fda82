import type { TaskStore } from '@mcp-tasks/client';
import { openSqliteStore } from '@mcp-tasks/client/sqlite-store';

/** Where the store of a fleet is, for processes that open it each for itself. */
export type StoreAt = { readonly kind: 'sqlite'; readonly directory: string };

export async function openStore(at: StoreAt): Promise<{ readonly store: TaskStore; close(): Promise<void> }> {
  const store = await openSqliteStore({ directory: at.directory });
  return { store, close: () => store.close() };
}
