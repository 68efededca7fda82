import * as z from 'zod';
import { isJsonObject, type JsonValue } from '../task/json.ts';
import type { ProtocolError, TaskStatus } from '../task/task.ts';

// What is wrong in a field a client can live without is dropped, never a reason to lose a task's id.

const STATUSES: readonly string[] = ['working', 'input_required', 'completed', 'failed', 'cancelled'];

export const text = z.string().optional().catch(undefined);
export const object = z.record(z.string(), z.json()).optional().catch(undefined);
/** A usable hint is a finite number above zero; anything else means the default. */
export const hintMs = z.number().positive().finite().optional().catch(undefined);
export const ttlMs = z.number().nonnegative().nullable().optional().catch(undefined);
/** Whatever is no status of the protocol is `unknown`: shown, and asked about again. */
export const status = z
  .unknown()
  .optional()
  .transform((word): TaskStatus => (STATUSES.includes(word as string) ? (word as TaskStatus) : 'unknown'));

export function readError(value: JsonValue | undefined): ProtocolError | undefined {
  if (!isJsonObject(value)) return undefined;
  const code = typeof value.code === 'number' ? value.code : null;
  const message = typeof value.message === 'string' ? value.message : 'The server gave no message';
  return value.data === undefined ? { code, message } : { code, message, data: value.data };
}

/** Says in one line what did not fit. */
export function problemOf(error: z.ZodError): string {
  const issue = error.issues[0];
  return issue === undefined ? 'unreadable' : `${issue.path.join('.') || 'the answer'}: ${issue.message}`;
}
