import type { TaskStore } from '../store/task-store.ts';
import type { TaskRecord } from '../task/record.ts';
import type { Serial } from '../worker/serial.ts';

type Listener = (record: TaskRecord | undefined) => void;

/** Tells what became of single records, over one subscription to the store's mail. */
export interface RecordWatch {
  /** Reads the record now, and after each write to it; undefined: it was deleted. Call what it returns to end it. */
  watch(id: string, listener: Listener): () => void;
}

/** `serial` keeps reads and writes in order: a slow read would bring back what was there before a write. */
export function createRecordWatch(store: Pick<TaskStore, 'onMail' | 'read'>, serial: Serial): RecordWatch {
  const watched = new Map<string, Set<Listener>>();
  let unsubscribe: (() => void) | undefined;

  async function reread(ids: Iterable<string>): Promise<void> {
    for (const id of ids) {
      if (!watched.has(id)) continue;
      try {
        const record = await store.read(id);
        for (const listener of [...(watched.get(id) ?? [])]) listener(record);
      } catch {
        // The next mail tells what cannot be read now.
      }
    }
  }

  const look = (ids: readonly string[] | undefined): void =>
    void serial.run(() => reread(ids ?? [...watched.keys()])).catch(() => undefined);

  return {
    watch(id, listener) {
      unsubscribe ??= store.onMail({ all: true }, look);
      const listeners = watched.get(id) ?? new Set();
      watched.set(id, listeners.add(listener));
      look([id]);
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) watched.delete(id);
        if (watched.size === 0) unsubscribe = void unsubscribe?.();
      };
    },
  };
}
