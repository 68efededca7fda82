import type { TaskStore } from '../store/task-store.ts';

const WARNING =
  '@mcp-tasks/client: no store was given, so tasks are kept in memory and end with this process. Pass one: ' +
  'openSqliteStore from @mcp-tasks/client/sqlite-store, or createMemoryStore to keep it so without this warning.';

let isWarned = false;

/** The default store of a client: in memory, with one warning per process if the runtime has warnings. */
export function storeInMemory(): TaskStore {
  if (!isWarned) warn(WARNING);
  isWarned = true;
  return lazyMemoryStore();
}

/** A memory store that is loaded with its first use: most hosts bring a store. */
function lazyMemoryStore(): TaskStore {
  let loading: Promise<TaskStore> | undefined;

  function loaded(): Promise<TaskStore> {
    loading ??= import('../store/memory-store.ts').then(({ createMemoryStore }) => createMemoryStore());
    return loading;
  }

  return {
    create: async (...args) => (await loaded()).create(...args),
    read: async (...args) => (await loaded()).read(...args),
    find: async (...args) => (await loaded()).find(...args),
    list: async (...args) => (await loaded()).list(...args),
    update: async (...args) => (await loaded()).update(...args),
    updateMany: async (...args) => (await loaded()).updateMany(...args),
    renew: async (...args) => (await loaded()).renew(...args),
    claim: async (...args) => (await loaded()).claim(...args),
    release: async (...args) => (await loaded()).release(...args),
    leave: async (...args) => (await loaded()).leave(...args),
    owners: async (...args) => (await loaded()).owners(...args),
    ownerOf: async (...args) => (await loaded()).ownerOf(...args),
    post: async (...args) => (await (await loaded()).post?.(...args)) ?? false,
    remove: async (...args) => (await loaded()).remove(...args),
    prune: async (...args) => (await loaded()).prune(...args),
    close: async () => (await loading)?.close(),
    onMail(...args) {
      let isOver = false;
      const subscribed = loaded().then((store) => (isOver ? undefined : store.onMail(...args)));
      return () => {
        isOver = true;
        void subscribed.then((end) => end?.());
      };
    },
  };
}

/** Emits a Node process warning; other runtimes print nothing. */
function warn(message: string): void {
  const host: { emitWarning?: (warning: string) => void } | undefined = Reflect.get(globalThis, 'process');
  host?.emitWarning?.(message);
}
