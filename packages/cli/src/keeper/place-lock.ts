import type { KeeperPlace } from '@mcp-tasks/client/keeper';
import { lock } from 'proper-lockfile';

const LOCK = { realpath: false, stale: 10_000, retries: { retries: 20, minTimeout: 50, maxTimeout: 500 } };

/** A lock around starting and stopping to listen at a socket. */
export interface PlaceLock {
  take(): Promise<void>;
  leave(): Promise<void>;
}

export function createPlaceLock(place: KeeperPlace): PlaceLock {
  let release: (() => Promise<void>) | undefined;
  return {
    async take() {
      release ??= await lock(place.lock, LOCK);
    },
    async leave() {
      const held = release;
      release = undefined;
      await held?.().catch(() => undefined);
    },
  };
}
