import { canonical } from '../../task/digest.ts';
import type { JsonObject, JsonValue } from '../../task/json.ts';
import { own } from '../../task/own.ts';
import type { JobMapping } from './mapping.ts';
import { convert, statusArguments, typeOfId } from './template.ts';

/** The identity of a job: its id, and the other arguments of the status tool. */
export interface JobRef {
  readonly job: string;
  readonly id: JsonValue;
  readonly args: JsonObject;
}

/** The task id of a job: canonical JSON, equal in every process. */
export function formatJobId({ job, id, args }: JobRef, mapping: JobMapping): string {
  const used = Object.fromEntries(statusArguments(mapping).map((name) => [name, own(args, name)]));
  return canonical([job, convert(id, typeOfId(mapping)) ?? id, used as JsonObject]);
}

/** The job's id inside its task id. */
export function idOfJob(taskId: string): JsonValue {
  const parts = partsOf(taskId);
  return parts === undefined ? taskId : (parts[1] ?? null);
}

/** The name of the mapping in a task id. */
export function jobOf(taskId: string): string {
  return String(partsOf(taskId)?.[0] ?? '');
}

function partsOf(taskId: string): readonly JsonValue[] | undefined {
  try {
    const parsed = JSON.parse(taskId) as JsonValue;
    return Array.isArray(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/** A job id is a text or a number. */
export function isJobId(value: JsonValue | undefined): value is string | number {
  return typeof value === 'number' || (typeof value === 'string' && value !== '');
}
