import type { Connection } from '../connect/connection.ts';
import type { TaskDialect } from '../protocol/dialect.ts';
import type { Follower } from '../worker/follower.ts';

/** Hands notices of the server to the tasks they are about, until called back. */
export function listenToServer(
  connection: Connection,
  dialect: TaskDialect,
  followers: ReadonlyMap<string, Follower>,
  onToolsChanged: () => void,
): () => void {
  // Nothing can be sent any more: the leases are given back, and a process with a good line goes on.
  const unlistenEnd = connection.onClosed(() => {
    for (const follower of followers.values()) follower.review();
  });
  const unlisten = connection.onNotification((method, params) => {
    const notice = dialect.notice(method, params);
    if (notice?.kind === 'tools-changed') onToolsChanged();
    if (notice?.kind !== 'task') return;
    const { snapshot } = notice;
    for (const follower of followers.values()) {
      if (follower.dialect !== dialect || follower.record.taskId !== snapshot.taskId) continue;
      void follower.dispatch({ type: 'task-observed', snapshot, polled: false });
    }
  });
  return () => {
    unlistenEnd();
    unlisten();
  };
}
