import { existsSync, mkdirSync, renameSync, rmdirSync, rmSync, statSync } from 'node:fs';
import { sleep } from './sleep.ts';

/** An older lock was left by a killed process: a move takes far less. */
const STALE_MS = 5_000;
const PAUSE_MS = 20;

/** Device and inode of the file, which a move keeps; undefined if there is no file. */
export function identityOf(file: string): string | undefined {
  const found = statSync(file, { bigint: true, throwIfNoEntry: false });
  return found === undefined ? undefined : `${found.dev}:${found.ino}`;
}

/**
 * Moves a damaged file and its side files aside; returns the new path. Undefined if another process already moved it:
 * the file at the path now is another one.
 */
export function moveAside(file: string, found: string | undefined, sides: readonly string[]): string | undefined {
  return locked(`${file}.moving`, () => {
    if (found === undefined || identityOf(file) !== found) return undefined;
    const stem = `${file}.corrupt-${new Date().toISOString().replaceAll(/[:.]/g, '-')}`;
    let aside = stem;
    for (let count = 2; existsSync(aside); count += 1) aside = `${stem}-${count}`;
    // The database is moved last: a new one at its path must not find the old side files.
    for (const side of sides) if (existsSync(file + side)) renameSync(file + side, aside + side);
    renameSync(file, aside);
    return aside;
  });
}

function locked<T>(lock: string, work: () => T): T | undefined {
  try {
    mkdirSync(lock);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const since = statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    if (Date.now() - since > STALE_MS) rmSync(lock, { recursive: true, force: true });
    else sleep(PAUSE_MS);
    return undefined;
  }
  try {
    return work();
  } finally {
    rmdirSync(lock);
  }
}
