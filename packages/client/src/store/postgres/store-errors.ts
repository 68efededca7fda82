import type { Pool } from 'pg';
import { TaskError } from '../../errors.ts';

const UNIQUE_VIOLATION = '23505';
const NO_PRIVILEGE = '42501';
/** Serialization failure or deadlock: the same transaction may succeed when repeated. */
const RETRYABLE: readonly string[] = ['40001', '40P01'];
/** A table, schema or function of the migrations is missing. */
const NOT_MIGRATED: readonly string[] = ['42P01', '3F000', '42883', '42703'];

function codeOf(error: unknown): string {
  const { code } = error as { readonly code?: unknown };
  return typeof code === 'string' ? code : '';
}

/** Name of the unique index that refused the write, if any. */
export function violatedIndex(error: unknown): string | undefined {
  if (codeOf(error) !== UNIQUE_VIOLATION) return undefined;
  const { constraint } = error as { readonly constraint?: unknown };
  return typeof constraint === 'string' ? constraint : '';
}

export function isRetryable(error: unknown): boolean {
  return RETRYABLE.includes(codeOf(error));
}

/** True if the role lacks rights. */
export function isForbidden(error: unknown): boolean {
  return error instanceof TaskError && codeOf(error.cause ?? {}) === NO_PRIVILEGE;
}

/** True if the server refused the statement: the connection is sound. */
export function isRefusal(error: unknown): boolean {
  return /^[0-9A-Z]{5}$/.test(codeOf(error)) && 'severity' in (error as object) && !codeOf(error).startsWith('57');
}

/** Address of the database, without user and password. */
export function placeOf({ options }: Pick<Pool, 'options'>): string {
  const { connectionString, host, port, database } = options;
  if (connectionString === undefined) return `${host ?? 'localhost'}:${port ?? 5432}/${database ?? ''}`;
  const url = URL.canParse(connectionString) ? new URL(connectionString) : undefined;
  return url === undefined ? 'PostgreSQL' : `${url.host}${url.pathname}`;
}

function hintOf(error: unknown): string {
  if (NOT_MIGRATED.includes(codeOf(error))) return 'Create its tables first: mcp-tasks store migrate';
  if (codeOf(error) === NO_PRIVILEGE) return 'Grant this role its privileges: mcp-tasks store migrate --help';
  return 'Check that the database runs and can be reached; the request is retried.';
}

/** Maps an error of the database to the store's `TaskError`. */
export function storeError(error: unknown, place: string): TaskError {
  if (error instanceof TaskError) return error;
  const reason = error instanceof Error && error.message !== '' ? error.message : codeOf(error);
  return new TaskError('store-unwritable', `The task store in ${place} cannot be used: ${reason}`, {
    hint: hintOf(error),
    cause: error,
  });
}
