import type { Clock } from '../clock.ts';
import { TaskError } from '../errors.ts';
import type { Step, TaskStore } from '../store/task-store.ts';
import type { TaskRecord } from '../task/record.ts';
import { createTurns } from './turns.ts';

const FIRST_RETRY_MS = 250;
const LAST_RETRY_MS = 2_000;
const MAX_STEPS = 500;
/** The maximum of steps in one transaction, and in one turn: a store may block the event loop while it writes. */
const STEPS_PER_TURN = 100;

/** One queued write. */
export interface Write extends Step {
  /** The store failed: the write is retried while this owner is certain of its tasks. */
  onTrouble(reason: string): void;
}

/** Collects the writes of one turn of the event loop and saves them in one transaction, a large batch in several. */
export interface WriteBatch {
  /**
   * The record as saved; undefined when the lease was lost or the record was deleted. Retried while the store fails.
   * Rejects with `Abandoned` when that lasts until the ownership is in doubt, else with the store's refusal.
   */
  write(write: Write): Promise<TaskRecord | undefined>;
  /** The ownership is in doubt: drops queued writes. */
  abandon(isAbandoned: (write: Write) => boolean): void;
}

/** The write was dropped, since the ownership of its task is in doubt. */
export class Abandoned extends Error {}

interface Waiting {
  readonly write: Write;
  readonly resolve: (record: TaskRecord | undefined) => void;
  readonly reject: (error: unknown) => void;
}

/** True if a retry may succeed; false if the store refuses this write for its content. */
function isRetryable(error: unknown): boolean {
  return !TaskError.is(error) || error.code === 'store-unwritable';
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function partsOf<T>(batch: readonly T[]): readonly (readonly T[])[] {
  const parts: (readonly T[])[] = [];
  for (let from = 0; from < batch.length; from += STEPS_PER_TURN) parts.push(batch.slice(from, from + STEPS_PER_TURN));
  return parts;
}

export function createWriteBatch(
  store: Pick<TaskStore, 'updateMany'>,
  clock: Clock,
  mayWrite: (write: Write) => boolean,
): WriteBatch {
  let waiting: Waiting[] = [];
  /** Writes that the store has not answered yet. */
  let inFlight: readonly Waiting[] = [];
  let state: 'idle' | 'gathering' | 'writing' | 'resting' = 'idle';
  let retryMs = FIRST_RETRY_MS;
  let cancelRest: (() => void) | undefined;
  const turns = createTurns(STEPS_PER_TURN);

  function gather(): void {
    if (state !== 'idle' || waiting.length === 0) return;
    state = 'gathering';
    queueMicrotask(() => void flush());
  }

  async function flush(): Promise<void> {
    state = 'writing';
    const batch = waiting.slice(0, MAX_STEPS);
    waiting = waiting.slice(MAX_STEPS);
    inFlight = batch;
    const unsaved = (await Promise.all(partsOf(batch).map((part) => attemptInTurn(part, batch)))).flat();
    if (inFlight !== batch) return; // dropped meanwhile: the store hung
    inFlight = [];
    waiting = [...unsaved, ...waiting];
    if (unsaved.length === 0) {
      state = 'idle';
      retryMs = FIRST_RETRY_MS;
      return gather();
    }
    state = 'resting';
    cancelRest = clock.schedule(retryMs, rested);
    retryMs = Math.min(LAST_RETRY_MS, retryMs * 2);
  }

  function rested(): void {
    cancelRest = undefined;
    state = 'idle';
    gather();
  }

  async function attemptInTurn(part: readonly Waiting[], batch: readonly Waiting[]): Promise<readonly Waiting[]> {
    const turn = turns.take(part.length);
    if (turn !== undefined) await turn;
    const allowed = inFlight === batch ? part.filter(isAllowed) : [];
    return allowed.length === 0 ? [] : attempt(allowed);
  }

  /** Checks again: the write may have waited for long. */
  function isAllowed({ write, reject }: Waiting): boolean {
    const isStillAllowed = mayWrite(write);
    if (!isStillAllowed) reject(new Abandoned());
    return isStillAllowed;
  }

  /** Resolves to the writes that failed for now. */
  async function attempt(batch: readonly Waiting[]): Promise<readonly Waiting[]> {
    try {
      const saved = await store.updateMany(batch.map(({ write }) => write));
      for (const [index, { resolve }] of batch.entries()) resolve(saved[index]);
      return [];
    } catch (error) {
      if (isRetryable(error)) {
        for (const { write } of batch) write.onTrouble(reasonOf(error));
        return batch;
      }
      if (batch.length === 1) {
        batch[0]?.reject(error);
        return [];
      }
      // The store refused one write for its content and saved none: retry each alone.
      const left: Waiting[] = [];
      for (const each of batch) left.push(...(await attempt([each])));
      return left;
    }
  }

  return {
    write: (write) =>
      new Promise((resolve, reject) => {
        waiting.push({ write, resolve, reject });
        gather();
      }),
    abandon(isAbandoned) {
      const all = [...inFlight, ...waiting];
      inFlight = [];
      waiting = all.filter(({ write }) => !isAbandoned(write));
      for (const { write, reject } of all) if (isAbandoned(write)) reject(new Abandoned());
      if (state === 'gathering') return;
      cancelRest?.();
      rested();
    },
  };
}
