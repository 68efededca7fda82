import * as z from 'zod';
import { isJsonObject, type JsonObject, type JsonValue } from '../../task/json.ts';
import type { TaskSnapshot } from '../../task/task.ts';
import { depthProblem } from '../depth.ts';
import type { Decoded, TaskDialect } from '../dialect.ts';
import { hintMs, object, problemOf, readError, status, text, ttlMs } from '../lenient.ts';
import { judge } from '../mcp/judge.ts';
import { askPage, readPage } from '../mcp/pages.ts';
import { PROGRESS, readProgress, withProgressToken } from '../mcp/progress.ts';
import { readQuestions, writeAnswers } from './questions.ts';

const EXTENSION = 'io.modelcontextprotocol/tasks';

const taskSchema = z.looseObject({
  taskId: z.string().min(1),
  status,
  statusMessage: text,
  createdAt: text,
  lastUpdatedAt: text,
  ttlMs,
  pollIntervalMs: hintMs,
  result: object,
});

function decodeTask(raw: JsonValue): Decoded<TaskSnapshot> {
  const problem = depthProblem(raw);
  if (problem !== undefined) return { kind: 'invalid', problem, raw: null };
  // The early form nests what today is flat.
  const body = isJsonObject(raw) && typeof raw.taskId !== 'string' && isJsonObject(raw.task) ? raw.task : raw;
  const parsed = taskSchema.safeParse(body);
  if (!parsed.success) return { kind: 'invalid', problem: problemOf(parsed.error), raw };
  const { taskId, statusMessage, createdAt, lastUpdatedAt, pollIntervalMs, result } = parsed.data;
  const fields = body as JsonObject;
  return {
    kind: 'value',
    value: {
      taskId,
      status: parsed.data.status,
      statusMessage,
      createdAt,
      lastUpdatedAt,
      ttlMs: parsed.data.ttlMs,
      pollIntervalMs,
      inputRequests: readQuestions(fields.inputRequests),
      result: result as JsonObject | undefined,
      error: readError(fields.error),
      raw: body,
    },
  };
}

/** What an earlier revision calls a task is one, and no result without content. */
function isEarlierTask({ resultType, task, content }: JsonObject): boolean {
  return resultType === undefined && content === undefined && isJsonObject(task) && typeof task.taskId === 'string';
}

/** The Tasks extension, SEP-2663, on protocol revision 2026-07-28. */
export const dialect: TaskDialect = {
  protocol: 'mcp',
  revision: '2026-07-28',
  traits: { resultApart: false, questions: 'listed', answers: 'repeatable', pushWhileAsked: true, callsAsTask: false },
  hasTasks: (capabilities) => isJsonObject(capabilities.extensions) && isJsonObject(capabilities.extensions[EXTENSION]),
  taskSupport(_tool, capabilities) {
    // The server decides per call; nothing on the tool says so.
    return dialect.hasTasks(capabilities) ? 'optional' : 'forbidden';
  },
  tools: (cursor) => askPage('tools/list', cursor),
  decodeTools: (raw) => readPage(raw, { method: 'tools/list', field: 'tools' }),
  call({ name, arguments: args, inputResponses, inputRequests = {}, requestState, progressToken }) {
    const answers = inputResponses === undefined ? undefined : writeAnswers(inputResponses, inputRequests);
    const params = {
      name,
      arguments: args,
      ...(answers === undefined ? {} : { inputResponses: answers }),
      ...(requestState === undefined ? {} : { requestState }),
    };
    return { method: 'tools/call', params: withProgressToken(params, progressToken) };
  },
  decodeCall(raw) {
    if (!isJsonObject(raw)) return { kind: 'invalid', problem: 'the answer is not an object', raw };
    const problem = depthProblem(raw);
    if (problem !== undefined) return { kind: 'invalid', problem, raw: null };
    if (raw.resultType === 'task' || isEarlierTask(raw)) {
      const task = decodeTask(raw);
      if (task.kind === 'invalid') return task;
      return { kind: 'value', value: { kind: 'task', snapshot: task.value, asked: true } };
    }
    if (raw.resultType === 'input_required') {
      const requestState = typeof raw.requestState === 'string' ? raw.requestState : undefined;
      const inputRequests = readQuestions(raw.inputRequests);
      return { kind: 'value', value: { kind: 'input_required', inputRequests, requestState } };
    }
    if (raw.resultType !== undefined && raw.resultType !== 'complete') {
      return { kind: 'invalid', problem: `unknown resultType ${JSON.stringify(raw.resultType)}`, raw };
    }
    return { kind: 'value', value: { kind: 'complete', result: raw } };
  },
  get: ({ taskId }) => ({ method: 'tasks/get', params: { taskId } }),
  decodeTask,
  update: ({ taskId }, responses, requests) => ({
    method: 'tasks/update',
    params: { taskId, inputResponses: writeAnswers(responses, requests) },
  }),
  cancel: ({ taskId }) => ({ method: 'tasks/cancel', params: { taskId } }),
  list: () => undefined,
  decodeList: (raw) => ({ kind: 'invalid', problem: 'this revision lists no tasks', raw }),
  notice(method, params) {
    if (method === PROGRESS) return readProgress(params);
    if (method === 'notifications/tools/list_changed') return { kind: 'tools-changed' };
    const task = method === 'notifications/tasks' ? decodeTask(params) : undefined;
    return task?.kind === 'value' ? { kind: 'task', snapshot: task.value } : undefined;
  },
  judge,
};
