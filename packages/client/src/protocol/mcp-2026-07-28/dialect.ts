import { isJsonObject, type JsonValue } from '../../task/json.ts';
import type { TaskSnapshot } from '../../task/task.ts';
import type { Decoded, TaskDialect } from '../dialect.ts';
import { readError, readHintMs, readObject, readTtlMs } from '../lenient.ts';
import { judge } from '../mcp/judge.ts';
import { askPage, readPage } from '../mcp/pages.ts';
import { PROGRESS, readProgress, withProgressToken } from '../mcp/progress.ts';
import { resultBody } from '../mcp/result-body.ts';
import { isTaskAnswer, readResult, readTask } from '../mcp/task-body.ts';
import { readQuestions, writeAnswers } from './questions.ts';

const EXTENSION = 'io.modelcontextprotocol/tasks';

function decodeTask(raw: JsonValue): Decoded<TaskSnapshot> {
  return readTask(raw, (body) => {
    const questions = readQuestions(body.inputRequests);
    const returned = readObject(body.result);
    const error = readError(body.error);
    return {
      ttlMs: readTtlMs(body.ttlMs),
      pollIntervalMs: readHintMs(body.pollIntervalMs),
      result: returned === undefined ? undefined : resultBody(returned),
      inputRequests: questions.kind === 'value' ? questions.value : {},
      error: error ?? (questions.kind === 'value' ? undefined : { code: null, message: questions.problem }),
    };
  });
}

/** The Tasks extension, SEP-2663, on protocol revision 2026-07-28. */
export const dialect: TaskDialect = {
  protocol: 'mcp',
  revision: '2026-07-28',
  traits: { resultApart: false, questions: 'listed', answers: 'repeatable', pushWhileAsked: true, callsAsTask: false },
  hasTasks: (capabilities) => isJsonObject(capabilities.extensions) && isJsonObject(capabilities.extensions[EXTENSION]),
  taskSupport(_tool, capabilities) {
    // The server decides per call; tools do not declare it.
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
    if (isTaskAnswer(raw)) {
      const task = decodeTask(raw);
      if (task.kind === 'invalid') return task;
      return { kind: 'value', value: { kind: 'task', snapshot: task.value, asked: true } };
    }
    if (raw.resultType !== 'input_required') return readResult(raw);
    const questions = readQuestions(raw.inputRequests);
    if (questions.kind === 'invalid') return questions;
    const requestState = typeof raw.requestState === 'string' ? raw.requestState : undefined;
    return { kind: 'value', value: { kind: 'input_required', inputRequests: questions.value, requestState } };
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
