import type { Clock } from '@mcp-tasks/client';
import type { LogMessage } from './listen-to-logs.ts';

/** Messages of a server shown per second; the others are counted. */
const MOST = 20;
const SECOND_MS = 1_000;

interface Second {
  shown: number;
  dropped: number;
  readonly stop: () => void;
}

export interface LogLimit {
  add(message: LogMessage): void;
  stop(): void;
}

/** Limits log messages for a person: drops `debug`, and replaces those above the limit by a count each second. */
export function createLogLimit(clock: Clock, onMessage: (message: LogMessage) => void): LogLimit {
  const seconds = new Map<string, Second>();

  function begin({ fingerprint, label }: LogMessage): Second {
    const end = (): void => {
      const { dropped } = seconds.get(fingerprint) ?? { dropped: 0 };
      seconds.delete(fingerprint);
      if (dropped > 0) onMessage({ fingerprint, label, level: 'notice', text: `… ${dropped} more log messages` });
    };
    const second = { shown: 0, dropped: 0, stop: clock.schedule(SECOND_MS, end) };
    seconds.set(fingerprint, second);
    return second;
  }

  return {
    add(message) {
      if (message.level === 'debug') return;
      const second = seconds.get(message.fingerprint) ?? begin(message);
      if (second.shown === MOST) {
        second.dropped += 1;
        return;
      }
      second.shown += 1;
      onMessage(message);
    },
    stop() {
      for (const { stop } of seconds.values()) stop();
      seconds.clear();
    },
  };
}
