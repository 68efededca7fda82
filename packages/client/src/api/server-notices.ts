import type { Connection } from '../connect/connection.ts';
import type { Notice, TaskDialect } from '../protocol/dialect.ts';
import type { Progress } from '../task/progress.ts';
import type { Follower } from '../worker/followed-task.ts';
import { idOfToken } from '../worker/progress.ts';

/** The progress token is derived from the local id, so that a resumed task matches it too. */
function reportProgress(
  followers: ReadonlyMap<string, Follower>,
  { token, progress }: Extract<Notice, { kind: 'progress' }>,
): void {
  const id = idOfToken(token);
  const follower = id === undefined ? undefined : followers.get(id);
  void follower?.dispatch({ type: 'progress-reported', progress });
}

/** Counts pieces: a stream sends each one once. */
function createPieceCounter() {
  const counts = new WeakMap<Follower, number>();
  return (follower: Follower, { count, name }: Extract<Notice, { kind: 'pieces' }>): Progress => {
    const all = (counts.get(follower) ?? follower.record.progress?.progress ?? 0) + count;
    counts.set(follower, all);
    return { progress: all, message: `${name}, ${all} ${all === 1 ? 'part' : 'parts'} so far` };
  };
}

/** Dispatches notifications of the server to their tasks; the returned function ends it. */
export function listenToServer(
  connection: Connection,
  dialect: TaskDialect,
  followers: ReadonlyMap<string, Follower>,
  onToolsChanged: () => void,
): () => void {
  // The connection has ended: give leases back, so that a process with a working connection takes over.
  const unlistenEnd = connection.onClosed(() => {
    for (const follower of followers.values()) follower.review();
  });
  const unlistenAnew = connection.onReopened?.(() => {
    for (const follower of followers.values()) void follower.dispatch({ type: 'reconnected' });
  });
  const countPieces = createPieceCounter();
  const unlisten = connection.onNotification((method, params) => {
    const notice = dialect.notice(method, params);
    if (notice?.kind === 'tools-changed') onToolsChanged();
    if (notice?.kind === 'progress') reportProgress(followers, notice);
    if (notice?.kind !== 'task' && notice?.kind !== 'pieces') return;
    const taskId = notice.kind === 'task' ? notice.snapshot.taskId : notice.taskId;
    for (const follower of followers.values()) {
      if (follower.dialect !== dialect || follower.record.taskId !== taskId) continue;
      if (notice.kind === 'task')
        void follower.dispatch({ type: 'task-observed', snapshot: notice.snapshot, polled: false });
      else void follower.dispatch({ type: 'progress-reported', progress: countPieces(follower, notice) });
    }
  });
  return () => {
    unlistenEnd();
    unlistenAnew?.();
    unlisten();
  };
}
