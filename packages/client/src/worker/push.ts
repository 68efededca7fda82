import { type Clock, monotonicNow } from '../clock.ts';
import type { Connection } from '../connect/connection.ts';
import type { TaskDialect } from '../protocol/dialect.ts';
import { failureOf } from './place-call.ts';

/** Tasks that appear within this time share one subscription. */
const GATHER_MS = 50;
const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 60_000;
/** A stream that lived this long was healthy: it resets the back-off. */
const HEALTHY_MS = 30_000;

/** Subscribes to the server's notifications. Push only shortens the wait: polling does not depend on it. */
export interface Push {
  add(taskId: string): void;
  delete(taskId: string): void;
  stop(): void;
}

interface Stream {
  readonly asked: ReadonlySet<string>;
  readonly abort: AbortController;
  /** When the server acknowledged the subscription. */
  openedAt: number;
  over: boolean;
}

export function createPush(connection: Connection, clock: Clock, dialect: TaskDialect): Push {
  const wanted = new Set<string>();
  let current: Stream | undefined;
  let refused = connection.subscribe === undefined;
  let opening = false;
  let stopped = false;
  let retryMs = FIRST_RETRY_MS;
  let cancel: (() => void) | undefined;

  function isCovered(): boolean {
    return current !== undefined && wanted.size > 0 && [...wanted].every((id) => current?.asked.has(id));
  }

  function resubscribeIn(delayMs: number): void {
    if (refused || stopped || opening || cancel !== undefined) return;
    cancel = clock.schedule(delayMs, () => {
      cancel = undefined;
      void resubscribe();
    });
  }

  async function resubscribe(): Promise<void> {
    if (wanted.size === 0) {
      current?.abort.abort();
      current = undefined;
      return;
    }
    if (isCovered()) return;
    const before = current;
    const next: Stream = { asked: new Set(wanted), abort: new AbortController(), openedAt: 0, over: false };
    opening = true;
    try {
      const subscription = await connection.subscribe?.([...next.asked], next.abort.signal);
      current = next;
      next.openedAt = monotonicNow(clock);
      before?.abort.abort(); // close the old stream last: no notification may be missed
      const over = (): void => end(next);
      void subscription?.ended.then(over, over);
    } catch (error) {
      const verdict = dialect.judge(failureOf(error), 'push');
      if (verdict === 'refused' || verdict === 'auth') refused = true; // the server has no push, or not for this client
      if (before?.over) current = undefined;
    } finally {
      opening = false;
    }
    if (stopped) next.abort.abort();
    else if (current !== next) retry();
    else if (wanted.size === 0 || !isCovered()) resubscribeIn(GATHER_MS);
  }

  function end(stream: Stream): void {
    stream.over = true;
    if (current !== stream || opening || stopped) return; // replaced, about to be, or stopped
    current = undefined;
    if (monotonicNow(clock) - stream.openedAt >= HEALTHY_MS) retryMs = FIRST_RETRY_MS;
    if (wanted.size > 0) retry();
  }

  function retry(): void {
    resubscribeIn(retryMs * (1 + clock.random() / 4));
    retryMs = Math.min(LAST_RETRY_MS, retryMs * 2);
  }

  return {
    add(taskId) {
      if (wanted.has(taskId)) return;
      wanted.add(taskId);
      resubscribeIn(GATHER_MS);
    },
    delete(taskId) {
      if (wanted.delete(taskId) && wanted.size === 0) resubscribeIn(GATHER_MS);
    },
    stop() {
      stopped = true;
      cancel?.();
      current?.abort.abort();
    },
  };
}
