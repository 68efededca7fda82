import { TaskError } from '../errors.ts';
import { own } from '../task/own.ts';
import { ConnectionFailure, type Failure } from './connection.ts';

const KINDS: Readonly<Record<string, 'auth' | 'aborted' | 'timeout' | 'invalid'>> = {
  'auth-required': 'auth',
  aborted: 'aborted',
  'timed-out': 'timeout',
  'invalid-response': 'invalid',
};

/** Turns an error of connecting into the failure of the request that needed the connection. */
export function asFailure(error: unknown): ConnectionFailure {
  if (error instanceof ConnectionFailure) return error;
  const cause = TaskError.is(error) ? error.cause : undefined;
  // An HTTP failure may carry `Retry-After`.
  if (cause instanceof ConnectionFailure && cause.failure.kind === 'http') return cause;
  const message = error instanceof Error ? error.message : String(error);
  const kind = TaskError.is(error) ? (own(KINDS, error.code) ?? 'transport') : 'transport';
  return new ConnectionFailure({ kind, message } as Failure, error);
}
