import { readFileSync, statSync, writeFileSync } from 'node:fs';
import type Database from 'libsql';

/** Larger files are not checked: that would noticeably delay the start. */
const MAX_CHECKED_BYTES = 64 * 1024 * 1024;
/** Smaller files are always checked: that is faster than reading the note of the last check. */
const ALWAYS_CHECKED_BYTES = 1024 * 1024;
/** A check is valid for a day: a disk may damage a file without a write. */
const CHECK_VALID_MS = 86_400_000;

export type Health = 'good' | 'damaged';

/** `whole` also compares indexes with their tables. */
export type CheckDepth = 'quick' | 'whole';

/** Checks every page, unless the unchanged file passed within a day. A note beside the file records a passed check. */
export function checkPages(db: Database.Database, file: string, depth: CheckDepth = 'quick'): Health {
  const { size } = statSync(file);
  if (size > MAX_CHECKED_BYTES) return 'good';
  const state = size > ALWAYS_CHECKED_BYTES ? stateOf(file) : undefined; // before the check: others may write meanwhile
  if (state !== undefined && wasChecked(file, state)) return 'good';
  const check = depth === 'quick' ? 'quick_check' : 'integrity_check';
  const found = db.prepare(`PRAGMA ${check}(1)`).get() as Readonly<Record<string, unknown>> | undefined;
  if (found?.[check] !== 'ok') return 'damaged';
  if (state !== undefined) noteChecked(file, state);
  return 'good';
}

const noteOf = (file: string): string => `${file}-checked`;

function wasChecked(file: string, state: string): boolean {
  try {
    const note = noteOf(file);
    // `mtimeMs` has fractions, which `Date.now()` lacks: without the floor a new note seems to be from the future.
    const ageMs = Date.now() - Math.floor(statSync(note).mtimeMs);
    return ageMs >= 0 && ageMs < CHECK_VALID_MS && readFileSync(note, 'utf8') === state;
  } catch {
    return false;
  }
}

function noteChecked(file: string, state: string): void {
  try {
    writeFileSync(noteOf(file), state, { mode: 0o600 });
  } catch {
    // The next start checks again.
  }
}

/** Fingerprint of the file; changes with every write of any program. */
function stateOf(file: string): string {
  const { dev, ino, size, mtimeNs, ctimeNs } = statSync(file, { bigint: true });
  return [dev, ino, size, mtimeNs, ctimeNs].join(':');
}
