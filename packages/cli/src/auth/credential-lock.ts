import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

/** Longer than a renewal takes; a lock older than this was left by a process that died. */
const STALE_MS = 10_000;
const RETRY = { forever: true, minTimeout: 50, maxTimeout: 250 } as const;

/** One process at a time renews a token: a refresh token often works once, and a second use may end the sign-in. */
export interface CredentialLock {
  /** Resolves once it is held; it is given back by `release`, and by itself after ten seconds. */
  hold(): Promise<void>;
  release(): void;
}

interface Held {
  readonly taken: Promise<() => Promise<void>>;
  readonly timer: NodeJS.Timeout;
}

export function createCredentialLock(path: string): CredentialLock {
  let held: Held | undefined;

  async function take(): Promise<() => Promise<void>> {
    try {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      const { lock } = await import('proper-lockfile');
      const options = { lockfilePath: path, realpath: false, stale: STALE_MS, retries: RETRY };
      return await lock(path, { ...options, onCompromised: () => undefined });
    } catch {
      return async () => undefined; // where nothing can be written there is nothing to protect either
    }
  }

  function release(): void {
    const was = held;
    held = undefined;
    if (was === undefined) return;
    clearTimeout(was.timer);
    void was.taken.then((unlock) => unlock()).catch(() => undefined);
  }

  return {
    async hold() {
      held ??= { taken: take(), timer: setTimeout(release, STALE_MS).unref() };
      await held.taken;
    },
    release,
  };
}
