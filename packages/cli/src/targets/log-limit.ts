import type { Clock } from '@mcp-tasks/client';
import type { LogMessage } from './hear-logs.ts';

/** Messages of one server that are told in a second; the others are counted. */
const MOST = 20;
const SECOND_MS = 1_000;

interface Second {
  told: number;
  dropped: number;
  readonly stop: () => void;
}

export interface LogLimit {
  hear(message: LogMessage): void;
  stop(): void;
}

/** Log messages for a person: no debugging, and of a server that floods a count at the end of each second. */
export function createLogLimit(clock: Clock, tell: (message: LogMessage) => void): LogLimit {
  const seconds = new Map<string, Second>();

  function begin({ fingerprint, label }: LogMessage): Second {
    const end = (): void => {
      const { dropped } = seconds.get(fingerprint) ?? { dropped: 0 };
      seconds.delete(fingerprint);
      if (dropped > 0) tell({ fingerprint, label, level: 'notice', text: `… ${dropped} more log messages` });
    };
    const second = { told: 0, dropped: 0, stop: clock.schedule(SECOND_MS, end) };
    seconds.set(fingerprint, second);
    return second;
  }

  return {
    hear(message) {
      if (message.level === 'debug') return;
      const second = seconds.get(message.fingerprint) ?? begin(message);
      if (second.told === MOST) {
        second.dropped += 1;
        return;
      }
      second.told += 1;
      tell(message);
    },
    stop() {
      for (const { stop } of seconds.values()) stop();
      seconds.clear();
    },
  };
}
