import type { Clock } from '@mcp-tasks/client';
import type { KeeperPlace } from '@mcp-tasks/client/keeper';
import { lockFile, type Unlock } from '../file-lock.ts';

/** A lock around starting and stopping to listen at a socket. */
export interface PlaceLock {
  /** Resolves when the lock is held, after `limitMs`, or when the lock file cannot be written. */
  acquire(limitMs: number): Promise<void>;
  release(): void;
}

export function createPlaceLock(place: KeeperPlace, clock: Clock): PlaceLock {
  let unlock: Unlock | undefined;
  let acquiring: Promise<void> | undefined;

  async function lock(limitMs: number): Promise<void> {
    // Without the lock the socket still has one listener: a second `listen` fails.
    unlock = await lockFile(place.lock, clock, limitMs).catch(() => undefined);
  }

  return {
    acquire(limitMs) {
      acquiring ??= lock(limitMs); // a second transaction of this process would wait for the first
      return acquiring;
    },
    release() {
      unlock?.();
      [unlock, acquiring] = [undefined, undefined];
    },
  };
}
