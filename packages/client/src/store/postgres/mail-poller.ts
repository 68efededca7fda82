import type { TaskStore } from '../task-store.ts';
import type { MailBatch, ReadMail } from './mail-table.ts';

/** Minimum pause between two reads. */
const PAUSE_MS = 100;

const EVERYTHING: MailBatch = { ids: undefined, looks: [] };

type Listener = Parameters<TaskStore['onMail']>[1];

/** Reads one source of mail or news for all its listeners. */
export interface MailPoller {
  /** Returns a remover, which returns false once no listener is left. */
  add(listener: Listener): () => boolean;
  /** Reads now, or after the minimum pause. */
  wake(): void;
  /** Makes the listeners reread everything, since notifications may have been missed. */
  rereadAll(): void;
  stop(): void;
}

/** Reads once per interval, and when woken; one read at a time. */
export function createMailPoller(readMail: ReadMail, intervalMs: () => number): MailPoller {
  const listeners = new Set<Listener>();
  let timer: NodeJS.Timeout | undefined;
  let state: 'resting' | 'reading' | 'woken' | 'stopped' = 'resting';
  let lastReadAt = Number.NEGATIVE_INFINITY;
  let hasFailed = false;

  function notifyListeners({ ids, looks }: MailBatch): void {
    if ((ids?.length === 0 && looks.length === 0) || state === 'stopped') return;
    for (const listener of [...listeners]) if (listeners.has(listener)) listener(ids, looks);
  }

  function schedulePoll(delayMs: number): void {
    clearTimeout(timer);
    timer = setTimeout(() => void poll(), delayMs);
  }

  async function poll(): Promise<void> {
    state = 'reading';
    lastReadAt = performance.now();
    try {
      notifyListeners(await readMail());
      hasFailed = false;
    } catch {
      if (!hasFailed) notifyListeners(EVERYTHING);
      hasFailed = true;
    }
    if (stateNow() === 'stopped') return;
    schedulePoll(stateNow() === 'woken' ? PAUSE_MS : intervalMs());
    state = 'resting';
  }

  /** Current state: it may have changed during an `await`. */
  function stateNow(): typeof state {
    return state;
  }

  function wake(): void {
    if (state === 'reading') state = 'woken';
    else if (state === 'resting') schedulePoll(Math.max(0, lastReadAt + PAUSE_MS - performance.now()));
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
    rereadAll: () => notifyListeners(EVERYTHING),
    stop,
  };
}
