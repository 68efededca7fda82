import type { JsonValue } from '../task/json.ts';
import type { Progress } from '../task/progress.ts';

const OURS = 'mcp-tasks:';

/** Marks progress tokens of this library: another client on the same connection has its own. */
export function progressToken(id: string): string {
  return `${OURS}${id}`;
}

/** The local id in a progress token; undefined for a token of another client. */
export function idOfToken(token: JsonValue | undefined): string | undefined {
  return typeof token === 'string' && token.startsWith(OURS) ? token.slice(OURS.length) : undefined;
}

/** `progress` is monotonic: the server's value, else a message counter. */
export function createProgressReport(listener: (progress: Progress) => void = () => undefined): {
  progress(progress: Progress): void;
  message(message: string): void;
} {
  let last: Progress | undefined;
  let count = 0;
  let lastMessage: string | undefined;
  return {
    progress(progress) {
      last = progress;
      listener(progress);
    },
    message(message) {
      if (message === lastMessage) return;
      lastMessage = message;
      count += 1;
      listener({ ...(last ?? { progress: count }), message });
    },
  };
}
