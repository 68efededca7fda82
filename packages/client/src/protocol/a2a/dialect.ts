import { isJsonObject, type JsonObject, type JsonValue } from '../../task/json.ts';
import { isTerminal, type TaskSnapshot } from '../../task/task.ts';
import { isTooDeep, tooDeep } from '../depth.ts';
import type { Ask, CallAnswer, Decoded, Dialects, Notice, Page, TaskDialect } from '../dialect.ts';
import { readText } from '../lenient.ts';

import { judge } from './judge.ts';
import { partsOf, writeParts } from './parts.ts';
import { answerId, callId, messageIds } from './question.ts';
import { sendTool } from './send-tool.ts';
import { bodyOf, lostIn, messageResult, readTask } from './task-body.ts';

/** Asks for an immediate response: a response at the end of the task would bring the task id too late. */
const CONFIGURATION = { returnImmediately: true, historyLength: 0 };
/** Enough history to find our message among later ones. */
const HISTORY = 50;

function send(message: JsonObject): Ask {
  return {
    method: 'SendMessage',
    params: { message: { role: 'ROLE_USER', ...message }, configuration: CONFIGURATION },
  };
}

function decodeCall(raw: JsonValue): Decoded<CallAnswer> {
  if (!isJsonObject(raw)) return { kind: 'invalid', problem: 'the answer is not an object', raw };
  const message = isJsonObject(raw.message) ? raw.message : raw;
  if (
    isJsonObject(raw.message) ||
    raw.kind === 'message' ||
    (typeof raw.messageId === 'string' && raw.id === undefined)
  ) {
    if (isTooDeep(raw)) return { kind: 'invalid', problem: tooDeep('it'), raw: null };
    const contextId = readText(message.contextId);
    const meta = { ...(contextId === undefined ? {} : { 'a2a/contextId': contextId }), ...lostIn(raw) };
    const result = { ...messageResult(message, readText(message.messageId) ?? ''), _meta: meta };
    return { kind: 'value', value: { kind: 'complete', result } };
  }
  const task = readTask(raw);
  return task.kind === 'invalid' ? task : { kind: 'value', value: { kind: 'task', snapshot: task.value, asked: true } };
}

function listAsk(cursor: string | undefined, historyLength: number): Ask {
  const page = cursor === undefined ? {} : { pageToken: cursor };
  return { method: 'ListTasks', params: { pageSize: 100, historyLength, ...page } };
}

function readPage(raw: JsonValue, isWanted: (task: JsonObject) => boolean): Decoded<Page<TaskSnapshot>> {
  const tasks = isJsonObject(raw) ? raw.tasks : undefined;
  if (!isJsonObject(raw) || !Array.isArray(tasks)) return { kind: 'invalid', problem: 'a list with no tasks', raw };
  const items = tasks
    .filter(isJsonObject)
    .filter(isWanted)
    .map((each) => readTask(each));
  const next = readText(raw.nextPageToken);
  const page = { items: items.flatMap((task) => (task.kind === 'value' ? [withoutEnd(task.value)] : [])) };
  return { kind: 'value', value: next === undefined || next === '' ? page : { ...page, next } };
}

/**
 * Tasks of an agent, Agent2Agent 0.3 and 1.0. Requests use the names of 1.0, and the connection converts them for its
 * server; responses are read in either spelling, since servers mix them.
 */
export const dialect: TaskDialect = {
  protocol: 'a2a',
  revision: '1.0',
  traits: { resultApart: false, questions: 'listed', answers: 'once', pushWhileAsked: true, callsAsTask: false },
  hasTasks: () => true,
  taskSupport: () => 'optional',
  tools: () => ({ method: 'GetAgentCard', params: {} }),
  decodeTools: (raw) => ({ kind: 'value', value: { items: [sendTool(isJsonObject(raw) ? raw : {})] } }),
  call({ id, arguments: { context, ...given } }) {
    const contextId = readText(context);
    const where = contextId === undefined ? {} : { contextId };
    return send({ messageId: callId(id), ...where, parts: [...writeParts(given)] });
  },
  decodeCall,
  get: ({ taskId, answers }) => ({
    method: 'GetTask',
    params: { id: taskId, historyLength: answers.length === 0 ? 0 : HISTORY },
  }),
  decodeTask: readTask,
  update({ id, taskId, context, answers }, responses) {
    const [given] = Object.entries(responses);
    if (given === undefined) return undefined;
    const [key, { content }] = given;
    const since = answers.find((each) => each.key === key)?.since ?? 0;
    const where = context === undefined ? { taskId } : { taskId, contextId: context };
    const parts = writeParts(isJsonObject(content) ? content : {});
    return send({ messageId: answerId(id, { key, since }), ...where, parts: [...parts] });
  },
  cancel: ({ taskId }) => ({ method: 'CancelTask', params: { id: taskId } }),
  list: ({ list }, cursor) => (list === true ? listAsk(cursor, 0) : undefined),
  decodeList: (raw) => readPage(raw, (task) => !hasEnded(task)),
  find: {
    ask: (_, cursor) => listAsk(cursor, HISTORY),
    decode: (raw, id) => readPage(raw, ({ history }) => messageIds(history).has(callId(id))),
  },
  notice(_method, params) {
    const pieces = readPieces(params);
    if (pieces !== undefined) return pieces;
    const update = isJsonObject(params.statusUpdate) ? params.statusUpdate : params;
    const { taskId, contextId, status } = update;
    const body =
      typeof taskId === 'string' && isJsonObject(status) ? { id: taskId, contextId, status } : bodyOf(params);
    const task = body === undefined ? undefined : readTask(body as JsonObject);
    if (task?.kind !== 'value') return undefined;
    return { kind: 'task', snapshot: withoutEnd(task.value) };
  },
  judge,
};

/** Reads an artifact, or a chunk of one, from a stream. */
function readPieces(params: JsonObject): Notice | undefined {
  const update = isJsonObject(params.artifactUpdate) ? params.artifactUpdate : params;
  const { taskId, artifact } = update;
  if (typeof taskId !== 'string' || !isJsonObject(artifact)) return undefined;
  const name = readText(artifact.name) ?? readText(artifact.artifactId) ?? 'the result';
  return { kind: 'pieces', taskId, count: partsOf(artifact).length, name };
}

/** Lists and streams omit artifacts: a poll reads the outcome. */
function withoutEnd({ result: _, error: __, ...snapshot }: TaskSnapshot): TaskSnapshot {
  return snapshot;
}

/** Records outlive a change of the agent's protocol version. */
export const dialects: Dialects = () => dialect;

function hasEnded(task: JsonObject): boolean {
  const read = readTask(task);
  return read.kind === 'value' && isTerminal(read.value.status);
}
