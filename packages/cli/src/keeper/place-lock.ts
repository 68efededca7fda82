import type { KeeperPlace } from '@mcp-tasks/client/keeper';
import { lock } from 'proper-lockfile';

const LOCK = { realpath: false, stale: 10_000, retries: { retries: 20, minTimeout: 50, maxTimeout: 500 } };

/** A lock around starting and stopping to listen at a socket. */
export interface PlaceLock {
  acquire(): Promise<void>;
  release(): Promise<void>;
}

export function createPlaceLock(place: KeeperPlace): PlaceLock {
  let unlock: (() => Promise<void>) | undefined;
  return {
    async acquire() {
      unlock ??= await lock(place.lock, LOCK);
    },
    async release() {
      const held = unlock;
      unlock = undefined;
      await held?.().catch(() => undefined);
    },
  };
}
