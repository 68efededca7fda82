import { ConnectionFailure, type Failure, TaskError } from '@mcp-tasks/client';
import { own } from '../own.ts';

const kindOfCode: Readonly<Record<string, 'auth' | 'aborted' | 'timeout' | 'invalid'>> = {
  'auth-required': 'auth',
  aborted: 'aborted',
  'timed-out': 'timeout',
  'invalid-response': 'invalid',
};

/** What went wrong while connecting, as what a request on the connection may fail with. */
export function asFailure(error: unknown): ConnectionFailure {
  if (error instanceof ConnectionFailure) return error;
  const message = error instanceof Error ? error.message : String(error);
  const kind = error instanceof TaskError ? (own(kindOfCode, error.code) ?? 'transport') : 'transport';
  return new ConnectionFailure({ kind, message } as Failure, error);
}
