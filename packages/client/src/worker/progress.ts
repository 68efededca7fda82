import type { Connection } from '../connect/connection.ts';
import { isJsonObject, type JsonObject } from '../task/json.ts';

/** As the protocol carries it; `message` may also be the task's status message. */
export interface Progress {
  /** Rises. Where the server gives no numbers, how many messages there have been. */
  readonly progress: number;
  /** What `progress` rises to, where the server knows that. */
  readonly total?: number | undefined;
  /** For people. */
  readonly message?: string | undefined;
}

/** Marks tokens of ours, so that the client which shares our wire need not wonder whose they are. */
export function progressToken(id: string): string {
  return `mcp-tasks:${id}`;
}

export function withProgressToken(params: JsonObject, token: string | undefined): JsonObject {
  if (token === undefined) return params;
  const meta = isJsonObject(params._meta) ? params._meta : {};
  return { ...params, _meta: { ...meta, progressToken: token } };
}

export function onProgressOf(
  connection: Connection,
  token: string,
  listener: (progress: Progress) => void,
): () => void {
  return connection.onNotification((method, { progressToken: found, progress, total, message }) => {
    if (method !== 'notifications/progress' || found !== token || typeof progress !== 'number') return;
    listener({
      progress,
      ...(typeof total === 'number' ? { total } : {}),
      ...(typeof message === 'string' ? { message } : {}),
    });
  });
}

/** Messages between the server's numbers keep the last of them; without any they are counted, since progress rises. */
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
