import type { TaskRecord, TaskStore } from '@mcp-tasks/client';

const LOOK_MS = 250;

/** Every change of the records, by whatever process, until stopped. */
export interface RecordFeed {
  /** Resolves once what is there already has been told. */
  start(): Promise<void>;
  stop(): void;
}

export function createRecordFeed(
  store: TaskStore,
  tell: (changed: readonly TaskRecord[], removed: readonly string[]) => void,
  onTrouble: (error: unknown) => void,
): RecordFeed {
  let sequence = 0;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  let troubled = false;

  async function look(): Promise<void> {
    try {
      const { changed, removed, sequence: next } = await store.changesSince(sequence);
      sequence = next;
      troubled = false;
      if (changed.length > 0 || removed.length > 0) tell(changed, removed);
    } catch (error) {
      // Told once: the store is looked at four times a second.
      if (!troubled) onTrouble(error);
      troubled = true;
    }
    if (!stopped) timer = setTimeout(look, LOOK_MS);
  }

  return {
    start: look,
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
