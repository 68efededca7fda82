import { readFileSync, statSync, writeFileSync } from 'node:fs';
import type Database from 'libsql';

/** Above this, checking every page would be felt even once. */
const MOST_BYTES = 64 * 1024 * 1024;
/** Below this, checking is quicker than finding out whether it was done. */
const FEW_BYTES = 1024 * 1024;
/** What a disk does to a file that nobody wrote to is found within a day. */
const LASTS_MS = 86_400_000;

export type Health = 'good' | 'damaged';

/** Checks every page, unless these very bytes were found good within a day: a file beside the database says so. */
export function checkPages(db: Database.Database, file: string): Health {
  const { size } = statSync(file);
  if (size > MOST_BYTES) return 'good';
  const state = size > FEW_BYTES ? stateOf(file) : undefined; // before the check: others may write meanwhile
  if (state !== undefined && wasChecked(file, state)) return 'good';
  const found = db.prepare('PRAGMA quick_check(1)').get() as { quick_check?: string } | undefined;
  if (found?.quick_check !== 'ok') return 'damaged';
  if (state !== undefined) noteChecked(file, state);
  return 'good';
}

const noteOf = (file: string): string => `${file}-checked`;

function wasChecked(file: string, state: string): boolean {
  try {
    const note = noteOf(file);
    const ageMs = Date.now() - statSync(note).mtimeMs;
    return ageMs >= 0 && ageMs < LASTS_MS && readFileSync(note, 'utf8') === state;
  } catch {
    return false;
  }
}

function noteChecked(file: string, state: string): void {
  try {
    writeFileSync(noteOf(file), state, { mode: 0o600 });
  } catch {
    // It is checked again next time.
  }
}

/** Changes with every write, also by other programs. */
function stateOf(file: string): string {
  const { dev, ino, size, mtimeNs, ctimeNs } = statSync(file, { bigint: true });
  return [dev, ino, size, mtimeNs, ctimeNs].join(':');
}
