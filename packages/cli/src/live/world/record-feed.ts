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
  tell: (changed: readonly TaskRecord[], removed: readonly string[]) => void,
  onTrouble: (error: unknown) => void,
): RecordFeed {
  const known = new Set<string>();
  let wanted: Wanted = new Set();
  let looking: Promise<void> | undefined;
  let end = (): void => undefined;
  let stopped = false;
  let troubled = false;

  function pass(changed: readonly TaskRecord[], removed: readonly string[]): void {
    for (const { id } of changed) known.add(id);
    for (const id of removed) known.delete(id);
    if (!stopped && (changed.length > 0 || removed.length > 0)) tell(changed, removed);
  }

  async function lookAtAll(): Promise<void> {
    const gone = new Set(known);
    for (let after: string | undefined, isFirst = true; isFirst || after !== undefined; isFirst = false) {
      const { records, skipped, next } = await store.list({}, { limit: PAGE, after });
      for (const { id } of [...records, ...skipped]) gone.delete(id);
      pass(records, []);
      after = next;
    }
    pass([], [...gone]);
  }

  async function lookAt(ids: ReadonlySet<string>): Promise<void> {
    const changed: TaskRecord[] = [];
    const removed: string[] = [];
    for (const id of ids) {
      const record = await store.read(id);
      if (record === undefined) removed.push(id);
      else changed.push(record);
    }
    pass(changed, removed);
  }

  async function look(): Promise<void> {
    while (!stopped && (wanted === 'all' || wanted.size > 0)) {
      const now = wanted;
      wanted = new Set();
      try {
        await (now === 'all' ? lookAtAll() : lookAt(now));
        troubled = false;
      } catch (error) {
        wanted = 'all'; // read all at the store's next notice
        if (!troubled) onTrouble(error);
        troubled = true;
        return;
      }
    }
  }

  function want(ids: readonly string[] | undefined): Promise<void> {
    wanted = ids === undefined || wanted === 'all' ? 'all' : new Set([...wanted, ...ids]);
    looking ??= look().finally(() => {
      looking = undefined;
    });
    return looking;
  }

  return {
    start() {
      end = store.onMail({ all: true }, (ids) => void want(ids));
      return want(undefined);
    },
    stop() {
      stopped = true;
      end();
    },
  };
}
