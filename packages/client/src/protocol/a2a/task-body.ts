import { isJsonObject, type JsonObject, type JsonValue } from '../../task/json.ts';
import { LOST_DIGITS } from '../../task/lost-digits.ts';
import type { TaskSnapshot, TaskStatus } from '../../task/task.ts';
import { isTooDeep, tooDeep } from '../depth.ts';
import type { Decoded, TaskRef } from '../dialect.ts';
import { readText } from '../lenient.ts';
import { contentOf, dataOf, displayText, partsOf } from './parts.ts';
import { answerId, messageIds, readQuestion } from './question.ts';

/** State names of either generation, normalized: `TASK_STATE_INPUT_REQUIRED` is `input-required`. */
const STATUSES: ReadonlyMap<string, TaskStatus> = new Map([
  ['submitted', 'working'],
  ['working', 'working'],
  ['input-required', 'input_required'],
  ['auth-required', 'input_required'],
  ['completed', 'completed'],
  ['failed', 'failed'],
  ['rejected', 'failed'],
  ['canceled', 'cancelled'],
  ['unknown', 'unknown'],
  ['unspecified', 'unknown'],
  ['', 'unknown'],
]);

function stateOf(status: JsonObject): string {
  const word = readText(status.state) ?? '';
  return word
    .replace(/^TASK_STATE_/, '')
    .toLowerCase()
    .replaceAll('_', '-');
}

/** The task in a response, or the response itself if it is one. */
export function bodyOf(raw: JsonValue): JsonObject | undefined {
  if (!isJsonObject(raw)) return undefined;
  return typeof raw.id !== 'string' && isJsonObject(raw.task) ? { ...raw.task, ...lostIn(raw) } : raw;
}

/** Reads a task of either generation; `ref` holds the record's data of the task. */
export function readTask(raw: JsonValue, ref?: TaskRef): Decoded<TaskSnapshot> {
  const body = bodyOf(raw);
  if (body === undefined) return { kind: 'invalid', problem: 'it is not an object', raw };
  const { id: taskId, contextId } = body;
  if (typeof taskId !== 'string' || taskId === '') {
    return { kind: 'invalid', problem: 'it has no id', raw: isTooDeep(raw) ? null : raw };
  }
  const known = { taskId, context: readText(contextId), ttlMs: null };
  if (!isTooDeep(body)) return { kind: 'value', value: { ...known, ...readRest(body, ref), raw: body } };
  const error = { code: null, message: `${tooDeep('The answer')} and was not kept` };
  const status = isJsonObject(body.status) ? { ...body.status, message: null } : {};
  return {
    kind: 'value',
    value: { ...known, ...readRest({ ...body, status, artifacts: [], history: [] }, ref), error },
  };
}

type Rest = Omit<TaskSnapshot, 'taskId' | 'context' | 'ttlMs' | 'raw'>;

function readRest(body: JsonObject, ref: TaskRef | undefined): Rest {
  const status = isJsonObject(body.status) ? body.status : {};
  const state = stateOf(status);
  const known = STATUSES.get(state);
  const messageText = displayText(partsOf(status.message));
  // An agent may ask without repeating the text that it sent before.
  const shownText = messageText ?? (known === 'input_required' ? ref?.statusMessage : undefined);
  const common = {
    status: known ?? ('working' as const),
    statusMessage: known === undefined ? [state, shownText].filter(Boolean).join(': ') : shownText,
    lastUpdatedAt: readText(status.timestamp),
    inputRequests: {},
    ...answeredIn(body, ref),
  };
  switch (known) {
    case 'input_required': {
      const isAuth = state === 'auth-required';
      const message = isAuth && messageText !== undefined ? `authorization wanted: ${messageText}` : shownText;
      return {
        ...common,
        statusMessage: message,
        inputRequests: readQuestion({ status, isAuth, fallback: shownText }),
      };
    }
    case 'completed':
      return { ...common, result: resultOf(body) };
    case 'failed':
      return { ...common, error: { code: null, message: shownText ?? `The agent says: ${state}`, data: { state } } };
    default:
      return common;
  }
}

function answeredIn({ history }: JsonObject, ref: TaskRef | undefined): Pick<Rest, 'answered'> {
  if (ref === undefined || ref.answers.length === 0) return {};
  const ids = messageIds(history);
  return { answered: ref.answers.filter((each) => ids.has(answerId(ref.id, each))).map(({ key }) => key) };
}

/** All artifacts in order; without any, the agent's final message. */
function resultOf(body: JsonObject): JsonObject {
  const { id, artifacts, status } = body;
  const all = Array.isArray(artifacts) ? artifacts.filter(isJsonObject) : [];
  if (all.length === 0) return messageResult(isJsonObject(status) ? status.message : undefined, String(id));
  const content = all.flatMap((artifact) => {
    const name = readText(artifact.artifactId) ?? '';
    return contentOf(partsOf(artifact), `a2a:${id}/${name}`, readText(artifact.name) ?? name);
  });
  const data = dataOf(all.flatMap(partsOf));
  const structured = data === undefined ? {} : { structuredContent: data };
  return { content: [...content], ...structured, _meta: { 'a2a/artifacts': all, ...lostIn(body) } };
}

/** Reports that a number in the result lost digits. */
export function lostIn({ [LOST_DIGITS]: lost }: JsonObject): JsonObject {
  return typeof lost === 'string' ? { [LOST_DIGITS]: lost } : {};
}

/** The parts of one message, as a tool result. */
export function messageResult(message: JsonValue | undefined, place: string): JsonObject {
  const parts = partsOf(message);
  const data = dataOf(parts);
  return { content: [...contentOf(parts, `a2a:${place}`)], ...(data === undefined ? {} : { structuredContent: data }) };
}
