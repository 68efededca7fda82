import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Clock } from '@mcp-tasks/client';
import type { Unlock } from '../file-lock.ts';

/** Longer than a token refresh takes. */
const HOLD_MS = 10_000;
/** A stopped process keeps its lock. Then a refresh that may come twice is better than no refresh until it is killed. */
const WAIT_LIMIT_MS = 30_000;

/** Only one process at a time refreshes a token: a refresh token often works once, and reuse may revoke the sign-in. */
export interface CredentialLock {
  /** Resolves when the lock is held, or after 30 s without it. `release` frees it; it expires after 10 s. */
  hold(): Promise<void>;
  release(): void;
}

export function createCredentialLock(path: string, clock: Pick<Clock, 'schedule' | 'random'>): CredentialLock {
  let held: Promise<Unlock> | undefined;

  /** SQLite is loaded only here: most commands refresh no token. */
  async function acquire(): Promise<Unlock | undefined> {
    try {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      const { lockFile } = await import('../file-lock.ts');
      return await lockFile(path, clock, WAIT_LIMIT_MS);
    } catch {
      return undefined; // a folder that cannot be written holds no credentials to protect
    }
  }

  function take(): Promise<Unlock> {
    const taken = acquire().then((unlock): Unlock => {
      const cancelExpiry = clock.schedule(HOLD_MS, () => end(taken));
      return () => {
        cancelExpiry();
        unlock?.();
      };
    });
    return taken;
  }

  function end(ending: Promise<Unlock> | undefined): void {
    if (held === ending) held = undefined;
    void ending?.then((unlock) => unlock()).catch(() => undefined);
  }

  return {
    async hold() {
      held ??= take();
      await held;
    },
    release: () => end(held),
  };
}
