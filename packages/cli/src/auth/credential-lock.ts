import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Clock } from '@mcp-tasks/client';

/** Age at which a lock counts as abandoned by a dead process, in ms: longer than a token refresh takes. */
const STALE_MS = 10_000;
const RETRY = { forever: true, minTimeout: 50, maxTimeout: 250 } as const;

/** Only one process at a time refreshes a token: a refresh token often works once, and reuse may revoke the sign-in. */
export interface CredentialLock {
  /** Resolves when the lock is held. `release` frees it; it expires after 10 s. */
  hold(): Promise<void>;
  release(): void;
}

interface Held {
  readonly taken: Promise<() => Promise<void>>;
  cancelExpiry(): void;
}

export function createCredentialLock(path: string, clock: Pick<Clock, 'schedule'>): CredentialLock {
  let held: Held | undefined;

  async function acquire(): Promise<() => Promise<void>> {
    try {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      const { lock } = await import('proper-lockfile');
      const options = { lockfilePath: path, realpath: false, stale: STALE_MS, retries: RETRY };
      return await lock(path, { ...options, onCompromised: () => undefined });
    } catch {
      return async () => undefined; // a folder that cannot be written holds no credentials to protect
    }
  }

  function release(): void {
    const releasing = held;
    held = undefined;
    if (releasing === undefined) return;
    releasing.cancelExpiry();
    void releasing.taken.then((unlock) => unlock()).catch(() => undefined);
  }

  return {
    async hold() {
      held ??= { taken: acquire(), cancelExpiry: clock.schedule(STALE_MS, release) };
      await held.taken;
    },
    release,
  };
}
