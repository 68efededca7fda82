import { createMemoryStore } from '../store/memory-store.ts';
import type { TaskStore } from '../store/task-store.ts';

const WARNING =
  '@mcp-tasks/client: no store was given, so tasks are kept in memory and end with this process. Pass one: ' +
  'openSqliteStore from @mcp-tasks/client/sqlite-store, or createMemoryStore to keep it so without this warning.';

let isWarned = false;

/** The default store of a client: in memory, with one warning per process if the runtime has warnings. */
export function storeInMemory(): TaskStore {
  if (!isWarned) warn(WARNING);
  isWarned = true;
  return createMemoryStore();
}

/** Emits a Node process warning; other runtimes print nothing. */
function warn(message: string): void {
  const host: { emitWarning?: (warning: string) => void } | undefined = Reflect.get(globalThis, 'process');
  host?.emitWarning?.(message);
}
