import { isJsonObject, type JsonObject, type JsonValue } from '../task/json.ts';
import type { ProtocolError, TaskStatus } from '../task/task.ts';

// An optional field with an invalid value is dropped, so that the task keeps its id.

const STATUSES: readonly unknown[] = ['working', 'input_required', 'completed', 'failed', 'cancelled'];

export function readText(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** A usable poll hint is a finite number above zero; undefined for any other value. */
export function readHintMs(value: JsonValue | undefined): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : undefined;
}

/** Null: no limit. */
export function readTtlMs(value: JsonValue | undefined): number | null | undefined {
  if (value === null) return null;
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;
}

export function isStatus(value: JsonValue | undefined): boolean {
  return STATUSES.includes(value);
}

/** An unknown status is `unknown`: shown, and polled further. */
export function readStatus(value: JsonValue | undefined): TaskStatus {
  return isStatus(value) ? (value as TaskStatus) : 'unknown';
}

export function readObject(value: JsonValue | undefined): JsonObject | undefined {
  return isJsonObject(value) ? value : undefined;
}

export function readError(value: JsonValue | undefined): ProtocolError | undefined {
  if (!isJsonObject(value)) return undefined;
  const code = typeof value.code === 'number' ? value.code : null;
  const message = typeof value.message === 'string' ? value.message : 'The server gave no message';
  return value.data === undefined ? { code, message } : { code, message, data: value.data };
}
