import type { TaskRecord, TaskStore } from '@mcp-tasks/client';

/** The end of a wait for a record. */
export type Watched =
  | { readonly kind: 'over'; readonly record: TaskRecord }
  | { readonly kind: 'left'; readonly record: TaskRecord }
  | { readonly kind: 'gone' };

/** Interval at which the record is read, in ms: change notifications of a store may be late. */
const READ_EVERY_MS = 5_000;

/** Follows one record until `isOver` holds or the signal aborts. Calls `onChange` with each version. */
export async function watchRecord(
  store: TaskStore,
  id: string,
  options: {
    readonly isOver: (record: TaskRecord) => boolean;
    readonly signal: AbortSignal;
    readonly onChange?: (record: TaskRecord) => void;
  },
): Promise<Watched> {
  let wake: () => void = () => undefined;
  const stop = store.onMail({ all: true }, (ids) => {
    if (ids === undefined || ids.includes(id)) wake();
  });
  const abort = (): void => wake();
  options.signal.addEventListener('abort', abort);
  try {
    for (;;) {
      const changed = new Promise<void>((resolve) => {
        wake = resolve;
      });
      const record = await store.read(id);
      if (record === undefined) return { kind: 'gone' };
      options.onChange?.(record);
      if (options.isOver(record)) return { kind: 'over', record };
      if (options.signal.aborted) return { kind: 'left', record };
      const timer = setTimeout(wake, READ_EVERY_MS);
      await changed;
      clearTimeout(timer);
    }
  } finally {
    stop();
    options.signal.removeEventListener('abort', abort);
  }
}
