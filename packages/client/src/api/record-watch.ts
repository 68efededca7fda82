import type { TaskStore } from '../store/task-store.ts';
import type { TaskRecord } from '../task/record.ts';
import { Serial } from '../worker/serial.ts';

type Listener = (record: TaskRecord | undefined) => void;

/** Watches single records, over one subscription to the store's changes. */
export interface RecordWatch {
  /** Reads the record now, and after each write; undefined: it was deleted. The returned function ends the watch. */
  watch(id: string, listener: Listener): () => void;
  /** Writes a record in order with its reads: a slow read would otherwise bring back the older state. */
  update: TaskStore['update'];
}

interface Watched {
  readonly listeners: Set<Listener>;
  readonly serial: Serial;
  /** A read is planned and has not begun. */
  isPlanned: boolean;
}

export function createRecordWatch(store: Pick<TaskStore, 'onMail' | 'read' | 'update'>): RecordWatch {
  const watched = new Map<string, Watched>();
  let unsubscribe: (() => void) | undefined;

  async function read(id: string, each: Watched): Promise<void> {
    each.isPlanned = false;
    try {
      const record = await store.read(id);
      for (const listener of [...each.listeners]) listener(record);
    } catch {
      // A failed read is repeated with the next change.
    }
  }

  function planRead(id: string): void {
    const each = watched.get(id);
    if (each === undefined || each.isPlanned) return;
    each.isPlanned = true;
    void each.serial.run(() => read(id, each));
  }

  return {
    watch(id, listener) {
      unsubscribe ??= store.onMail({ all: true }, (ids) => {
        for (const written of ids ?? [...watched.keys()]) planRead(written);
      });
      const each = watched.get(id) ?? { listeners: new Set(), serial: new Serial(), isPlanned: false };
      each.listeners.add(listener);
      watched.set(id, each);
      planRead(id);
      return () => {
        each.listeners.delete(listener);
        if (each.listeners.size === 0) watched.delete(id);
        if (watched.size === 0) unsubscribe = void unsubscribe?.();
      };
    },
    async update(id, change, lease) {
      const serial = watched.get(id)?.serial ?? new Serial();
      let saved: TaskRecord | undefined;
      await serial.run(async () => {
        saved = await store.update(id, change, lease);
      });
      return saved;
    },
  };
}
