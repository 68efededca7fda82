import { createMemoryStore } from '../store/memory-store.ts';
import type { TaskStore } from '../store/task-store.ts';

const WARNING =
  '@mcp-tasks/client: no store was given, so tasks are kept in memory and end with this process. Pass one: ' +
  'openSqliteStore from @mcp-tasks/client/sqlite-store, or createMemoryStore to keep it so without this warning.';

let isWarned = false;

/** The store of a client that was given none; where the runtime has warnings, it says so once in a process. */
export function storeInMemory(): TaskStore {
  if (!isWarned) warn(WARNING);
  isWarned = true;
  return createMemoryStore();
}

/** As Node tells warnings of its own; elsewhere nothing is said. */
function warn(message: string): void {
  const host: { emitWarning?: (warning: string) => void } | undefined = Reflect.get(globalThis, 'process');
  host?.emitWarning?.(message);
}
