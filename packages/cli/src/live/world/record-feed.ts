import type { TaskRecord, TaskStore } from '@mcp-tasks/client';

/** Records per page. */
const PAGE = 500;

/** Reports every change of the records, by any process, until stopped. */
export interface RecordFeed {
  /** Resolves once all existing records were reported. */
  start(): Promise<void>;
  stop(): void;
}

/** Ids to read, or all. */
type Wanted = ReadonlySet<string> | 'all';

export function createRecordFeed(
  store: TaskStore,
  onChange: (changed: readonly TaskRecord[], removed: readonly string[]) => void,
  onTrouble: (error: unknown) => void,
): RecordFeed {
  const known = new Set<string>();
  let wanted: Wanted = new Set();
  let reading: Promise<void> | undefined;
  let end = (): void => undefined;
  let stopped = false;
  let troubled = false;

  function reportRecords(changed: readonly TaskRecord[], removed: readonly string[]): void {
    for (const { id } of changed) known.add(id);
    for (const id of removed) known.delete(id);
    if (!stopped && (changed.length > 0 || removed.length > 0)) onChange(changed, removed);
  }

  async function readAll(): Promise<void> {
    const gone = new Set(known);
    for (let after: string | undefined, isFirst = true; isFirst || after !== undefined; isFirst = false) {
      const { records, skipped, next } = await store.list({}, { limit: PAGE, after });
      for (const { id } of [...records, ...skipped]) gone.delete(id);
      reportRecords(records, []);
      after = next;
    }
    reportRecords([], [...gone]);
  }

  async function readRecords(ids: ReadonlySet<string>): Promise<void> {
    const changed: TaskRecord[] = [];
    const removed: string[] = [];
    for (const id of ids) {
      const record = await store.read(id);
      if (record === undefined) removed.push(id);
      else changed.push(record);
    }
    reportRecords(changed, removed);
  }

  async function readWanted(): Promise<void> {
    while (!stopped && (wanted === 'all' || wanted.size > 0)) {
      const now = wanted;
      wanted = new Set();
      try {
        await (now === 'all' ? readAll() : readRecords(now));
        troubled = false;
      } catch (error) {
        wanted = 'all'; // read all at the store's next notice
        if (!troubled) onTrouble(error);
        troubled = true;
        return;
      }
    }
  }

  function requestRead(ids: readonly string[] | undefined): Promise<void> {
    wanted = ids === undefined || wanted === 'all' ? 'all' : new Set([...wanted, ...ids]);
    reading ??= readWanted().finally(() => {
      reading = undefined;
    });
    return reading;
  }

  return {
    start() {
      end = store.onMail({ all: true }, (ids) => void requestRead(ids));
      return requestRead(undefined);
    },
    stop() {
      stopped = true;
      end();
    },
  };
}
