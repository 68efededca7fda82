import type { Connection } from '../connect/connection.ts';
import type { TaskDialect } from '../protocol/dialect.ts';
import type { Progress } from '../task/progress.ts';

/** Marks tokens of ours, so that the client which shares our wire can tell them from its own. */
export function progressToken(id: string): string {
  return `mcp-tasks:${id}`;
}

/** Tells the listener of each progress notice with this token. Returns what stops it. */
export function onProgressOf(
  connection: Connection,
  dialect: TaskDialect,
  token: string,
  listener: (progress: Progress) => void,
): () => void {
  return connection.onNotification((method, params) => {
    const notice = dialect.notice(method, params);
    if (notice?.kind === 'progress' && notice.token === token) listener(notice.progress);
  });
}

/** `progress` is monotonic: the server's value, else a message counter. */
export function createProgressReport(listener: (progress: Progress) => void = () => undefined): {
  progress(progress: Progress): void;
  message(message: string): void;
} {
  let last: Progress | undefined;
  let count = 0;
  let told: string | undefined;
  return {
    progress(progress) {
      last = progress;
      listener(progress);
    },
    message(message) {
      if (message === told) return;
      told = message;
      count += 1;
      listener({ ...(last ?? { progress: count }), message });
    },
  };
}
