import type { Failure } from '../connect/connection.ts';
import type { ClientContext } from '../worker/client-context.ts';
import type { Follower } from '../worker/followed-task.ts';

/** A reconnect within this time keeps the leases. */
const RECONNECT_MS = 1_000;

/**
 * Releases the leases when the connection is lost and does not reopen at once, so that a process with a working
 * connection takes over. Returns a function that stops it.
 */
export function giveBackWhenLost(
  { connection, clock, standsBack }: Pick<ClientContext, 'connection' | 'clock' | 'standsBack'>,
  followers: ReadonlyMap<string, Follower>,
): () => void {
  let last: Failure | undefined;
  let cancel: (() => void) | undefined;

  function cancelRelease(): void {
    cancel?.();
    cancel = undefined;
  }

  function releaseLeases(): void {
    cancel = undefined;
    for (const follower of followers.values()) {
      if (!follower.leading || last === undefined) continue;
      const verdict = follower.dialect.judge(last, 'get');
      // Only the server's own response about a task can expire it.
      if (verdict === 'expired') continue;
      void follower.dispatch({ type: 'poll-failed', failure: { ...last, verdict } }, { standBack: true });
    }
  }

  const unlistenLost = connection.onLost?.((failure) => {
    last = failure;
    if (cancel !== undefined || !standsBack() || ![...followers.values()].some(({ leading }) => leading)) return;
    cancel = clock.schedule(RECONNECT_MS, releaseLeases);
    connection.ready?.().catch(() => undefined); // onLost reports a failure
  });
  const unlistenAnew = connection.onReopened?.(cancelRelease);
  return () => {
    cancelRelease();
    unlistenLost?.();
    unlistenAnew?.();
  };
}
