import { TaskError } from '../../errors.ts';

// Base codes of SQLite: the low byte of extended codes.
const BUSY = 5;
const LOCKED = 6;
const FULL = 13;
const CORRUPT = 11;
const CONSTRAINT = 19;
const NOT_A_DATABASE = 26;

function baseCode(error: unknown): number | undefined {
  const { rawCode } = error as { readonly rawCode?: unknown };
  return typeof rawCode === 'number' ? rawCode & 0xff : undefined;
}

export function isNoDatabase(error: unknown): boolean {
  return baseCode(error) === NOT_A_DATABASE;
}

export function isCorruption(error: unknown): boolean {
  return baseCode(error) === CORRUPT || isNoDatabase(error);
}

export function isConstraint(error: unknown): boolean {
  return baseCode(error) === CONSTRAINT;
}

export function isBusy(error: unknown): boolean {
  const code = baseCode(error);
  return code === BUSY || code === LOCKED;
}

/** What a person can do about the error. */
function hintOf(error: unknown): string {
  const code = baseCode(error);
  if (isBusy(error)) return 'Another process has locked it for a long time; try again when that process is done.';
  const isFull = code === FULL || codeOf(error) === 'ENOSPC';
  if (isFull) return 'Make room there, or set MCP_TASKS_HOME to another place.';
  return 'Make it writable, or set MCP_TASKS_HOME to a place that is.';
}

/** Texts in place of the system's messages, which repeat the path. */
const WORDS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EEXIST: 'a file with its name is in the way',
  ENOTDIR: 'a file with its name is in the way',
  ENOSPC: 'the disk is full',
  EROFS: 'the file system is read-only',
};

function codeOf(error: unknown): string | undefined {
  const { code } = error as { readonly code?: unknown };
  return typeof code === 'string' ? code : undefined;
}

export function unwritable(error: unknown, directory: string): TaskError {
  const reason = WORDS[codeOf(error) ?? ''] ?? (error instanceof Error ? error.message : String(error));
  return new TaskError('store-unwritable', `The task store in ${directory} cannot be used: ${reason}`, {
    hint: hintOf(error),
    cause: error,
  });
}

/** Maps an error of the database to the store's `TaskError`; returns other errors unchanged. */
export function storeError(error: unknown, directory: string): unknown {
  if (error instanceof TaskError || baseCode(error) === undefined) return error;
  if (!isCorruption(error)) return unwritable(error, directory);
  return new TaskError('store-corrupt', `The task store in ${directory} is damaged: ${(error as Error).message}`, {
    hint: 'Open it again: the damaged file is then moved aside and kept.',
    cause: error,
  });
}
