import type { Clock } from '../clock.ts';
import type { Connection, Failure } from '../connect/connection.ts';
import type { Follower } from '../worker/followed-task.ts';

/** A connection that is opened anew within this time costs nothing. */
const BLINK_MS = 1_000;

/**
 * Gives the leases back while the connection is lost and cannot be opened anew at once: a process with a good line goes
 * on. Returns what ends the listening.
 */
export function giveBackWhenLost(
  connection: Connection,
  clock: Clock,
  followers: ReadonlyMap<string, Follower>,
): () => void {
  let last: Failure | undefined;
  let cancel: (() => void) | undefined;

  function end(): void {
    cancel?.();
    cancel = undefined;
  }

  function giveBack(): void {
    cancel = undefined;
    for (const follower of followers.values()) {
      if (!follower.leading || last === undefined) continue;
      const verdict = follower.dialect.judge(last, 'get');
      // Only the server's own answer about a task ends it.
      if (verdict === 'expired') continue;
      void follower.dispatch({ type: 'poll-failed', failure: { ...last, verdict } }, { standBack: true });
    }
  }

  const unlistenLost = connection.onLost?.((failure) => {
    last = failure;
    if (cancel !== undefined || ![...followers.values()].some(({ leading }) => leading)) return;
    cancel = clock.schedule(BLINK_MS, giveBack);
    connection.ready?.().catch(() => undefined); // told by the next loss
  });
  const unlistenAnew = connection.onReopened?.(end);
  return () => {
    end();
    unlistenLost?.();
    unlistenAnew?.();
  };
}
