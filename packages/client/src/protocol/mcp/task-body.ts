import { isJsonObject, type JsonObject, type JsonValue } from '../../task/json.ts';
import type { TaskSnapshot } from '../../task/task.ts';
import { isTooDeep, tooDeep } from '../depth.ts';
import type { Decoded } from '../dialect.ts';
import { isStatus, readStatus, readText } from '../lenient.ts';
import { resultBody } from './result-body.ts';

/** The fields of a task; servers nest them or not, regardless of revision. */
export function bodyOf(raw: JsonValue): JsonObject | undefined {
  if (!isJsonObject(raw)) return undefined;
  return typeof raw.taskId !== 'string' && isJsonObject(raw.task) ? raw.task : raw;
}

/**
 * True if the response to a call is a task. A missing or unknown `resultType` must not lose a task id or turn a task
 * into a result: a response with an id is a result only if it has content, or the `resultType` `complete`.
 */
export function isTaskAnswer(raw: JsonObject): boolean {
  if (raw.resultType === 'task') return true;
  if (raw.resultType === 'complete' || raw.resultType === 'input_required') return false;
  const { taskId, status } = bodyOf(raw) ?? {};
  if (typeof taskId !== 'string' || taskId === '') return isTaskWithoutId(raw, { taskId, status });
  const hasContent = Array.isArray(raw.content) && raw.content.length > 0;
  if (raw.resultType === undefined && hasContent) return false;
  return raw.resultType !== undefined || isStatus(status) || isJsonObject(raw.task);
}

/** A task without a text id is not a result: the call may have started a task that cannot be followed. */
function isTaskWithoutId(raw: JsonObject, { taskId, status }: JsonObject): boolean {
  if (raw.content !== undefined || raw.structuredContent !== undefined || !isStatus(status)) return false;
  return taskId !== undefined || isJsonObject(raw.task);
}

type Rest = Pick<TaskSnapshot, 'ttlMs' | 'pollIntervalMs' | 'inputRequests' | 'result' | 'error'>;

const TOO_DEEP = { code: null, message: `${tooDeep('The answer')} and was not kept` };

/** Reads the task fields common to both revisions; `rest` reads the others. */
export function readTask(raw: JsonValue, rest: (body: JsonObject) => Rest): Decoded<TaskSnapshot> {
  const body = bodyOf(raw);
  if (body === undefined) return { kind: 'invalid', problem: 'it is not an object', raw };
  const { taskId } = body;
  if (typeof taskId !== 'string' || taskId === '')
    return { kind: 'invalid', problem: 'it has no taskId', raw: keep(raw) };
  const isKept = !isTooDeep(body);
  // Drops the other fields if one is nested too deep; the task stays.
  const fields = rest(isKept ? body : { ...body, result: undefined, error: undefined, inputRequests: undefined });
  const { ttlMs, pollIntervalMs, inputRequests, result, error } = fields;
  // One literal, for speed: this runs on every poll.
  const value: TaskSnapshot = {
    taskId,
    status: readStatus(body.status),
    statusMessage: readText(body.statusMessage),
    createdAt: readText(body.createdAt),
    lastUpdatedAt: readText(body.lastUpdatedAt),
    ttlMs,
    pollIntervalMs,
    inputRequests,
    result,
    error: isKept ? error : TOO_DEEP,
    raw: isKept ? body : undefined,
  };
  return { kind: 'value', value };
}

/** Reads a call's response that is neither a task nor a question. */
export function readResult(raw: JsonObject): Decoded<{ readonly kind: 'complete'; readonly result: JsonObject }> {
  const { resultType } = raw;
  if (isTooDeep(raw)) return { kind: 'invalid', problem: tooDeep('it'), raw: null };
  if (resultType === undefined || resultType === 'complete')
    return { kind: 'value', value: { kind: 'complete', result: resultBody(raw) } };
  return { kind: 'invalid', problem: `unknown resultType ${JSON.stringify(resultType)}`, raw };
}

function keep(raw: JsonValue): JsonValue {
  return isTooDeep(raw) ? null : raw;
}
