import { closeSync, mkdirSync, openSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** Longer than a renewal takes; a lock older than this was left by a process that died. */
const STALE_MS = 10_000;
const LOOK_AGAIN_MS = 50;

/** One process at a time renews a token: a refresh token often works once, and a second use may end the sign-in. */
export interface CredentialLock {
  hold(): Promise<void>;
  release(): void;
}

export function createCredentialLock(path: string): CredentialLock {
  let held: { readonly since: number; readonly taken: Promise<void> } | undefined;

  function tryToTake(): boolean {
    try {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      closeSync(openSync(path, 'wx', 0o600));
      return true;
    } catch (error) {
      // Where nothing can be written there is nothing to protect either.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return true;
    }
    const age = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > STALE_MS) rmSync(path, { force: true });
    return false;
  }

  async function take(): Promise<void> {
    while (!tryToTake()) await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  }

  return {
    hold() {
      if (held === undefined || Date.now() - held.since > STALE_MS) held = { since: Date.now(), taken: take() };
      return held.taken;
    },
    release() {
      if (held === undefined) return;
      held = undefined;
      rmSync(path, { force: true });
    },
  };
}
