import type { TaskStore } from '../task-store.ts';
import type { Letters, Look } from './mail-table.ts';

/** How soon after a look the next one may be. */
const PAUSE_MS = 100;

const EVERYTHING: Letters = { ids: undefined, looks: [] };

type Listener = Parameters<TaskStore['onMail']>[1];

/** One thing to look at, for all who want to hear of it. */
export interface Rounds {
  /** Returns what takes it back, and tells whether anybody is left. */
  add(listener: Listener): () => boolean;
  /** Looks now, or as soon as it may. */
  wake(): void;
  /** What came meanwhile may have gone unheard. */
  lookAtAll(): void;
  stop(): void;
}

/** Looks once in every interval, and when it is woken; one look at a time. */
export function createRounds(look: Look, intervalMs: () => number): Rounds {
  const listeners = new Set<Listener>();
  let timer: NodeJS.Timeout | undefined;
  let state: 'resting' | 'looking' | 'woken' | 'stopped' = 'resting';
  let lookedAt = Number.NEGATIVE_INFINITY;
  let isTroubled = false;

  function tell({ ids, looks }: Letters): void {
    if ((ids?.length === 0 && looks.length === 0) || state === 'stopped') return;
    for (const listener of [...listeners]) if (listeners.has(listener)) listener(ids, looks);
  }

  function plan(delayMs: number): void {
    clearTimeout(timer);
    timer = setTimeout(() => void round(), delayMs);
  }

  async function round(): Promise<void> {
    state = 'looking';
    lookedAt = performance.now();
    try {
      tell(await look());
      isTroubled = false;
    } catch {
      if (!isTroubled) tell(EVERYTHING);
      isTroubled = true;
    }
    if (stateNow() === 'stopped') return;
    plan(stateNow() === 'woken' ? PAUSE_MS : intervalMs());
    state = 'resting';
  }

  /** The state may have changed while the look was awaited. */
  function stateNow(): typeof state {
    return state;
  }

  function wake(): void {
    if (state === 'looking') state = 'woken';
    else if (state === 'resting') plan(Math.max(0, lookedAt + PAUSE_MS - performance.now()));
  }

  function stop(): void {
    state = 'stopped';
    clearTimeout(timer);
  }

  return {
    add(listener) {
      listeners.add(listener);
      wake();
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return true;
        stop();
        return false;
      };
    },
    wake,
    lookAtAll: () => tell(EVERYTHING),
    stop,
  };
}
