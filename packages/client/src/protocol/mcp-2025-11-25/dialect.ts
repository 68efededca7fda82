import { isJsonObject, type JsonObject, type JsonValue } from '../../task/json.ts';
import type { TaskSnapshot } from '../../task/task.ts';
import type { Decoded, TaskDialect } from '../dialect.ts';
import { readHintMs, readTtlMs } from '../lenient.ts';
import { judge, NEEDS_TASK } from '../mcp/judge.ts';
import { askPage, readPage } from '../mcp/pages.ts';
import { PROGRESS, readProgress, withProgressToken } from '../mcp/progress.ts';
import { resultBody } from '../mcp/result-body.ts';
import { isTaskAnswer, readResult, readTask } from '../mcp/task-body.ts';
import { questionKey } from './question-key.ts';

const RELATED_TASK = 'io.modelcontextprotocol/related-task';

function decodeTask(raw: JsonValue): Decoded<TaskSnapshot> {
  // `ttl` and `pollInterval` are milliseconds too.
  return readTask(raw, ({ ttl, pollInterval }) => ({
    ttlMs: readTtlMs(ttl),
    pollIntervalMs: readHintMs(pollInterval),
  }));
}

function tasksOf(capabilities: JsonObject): JsonObject | undefined {
  return isJsonObject(capabilities.tasks) ? capabilities.tasks : undefined;
}

/** Core tasks (experimental) of protocol revision 2025-11-25, and earlier ones, which have none. */
export const dialect: TaskDialect = {
  protocol: 'mcp',
  revision: '2025-11-25',
  traits: { resultApart: true, questions: 'requested', answers: 'repeatable', pushWhileAsked: true, callsAsTask: true },
  hasTasks(capabilities) {
    const requests = tasksOf(capabilities)?.requests;
    return isJsonObject(requests) && isJsonObject(requests.tools) && isJsonObject(requests.tools.call);
  },
  taskSupport(tool, capabilities) {
    if (!dialect.hasTasks(capabilities)) return 'forbidden';
    const support = isJsonObject(tool.execution) ? tool.execution.taskSupport : undefined;
    return support === 'optional' || support === 'required' ? support : 'forbidden';
  },
  tools: (cursor) => askPage('tools/list', cursor),
  decodeTools: (raw) => readPage(raw, { method: 'tools/list', field: 'tools' }),
  call: ({ name, arguments: args, asTask, ttlMs: ttl, progressToken }) => {
    const task = asTask ? { task: ttl === undefined ? {} : { ttl } } : {};
    return { method: 'tools/call', params: withProgressToken({ name, arguments: args, ...task }, progressToken) };
  },
  decodeCall(raw, { asTask }) {
    if (!isJsonObject(raw)) return { kind: 'invalid', problem: 'the answer is not an object', raw };
    if (isTaskAnswer(raw)) {
      const task = decodeTask(raw);
      if (task.kind === 'invalid') return task;
      return { kind: 'value', value: { kind: 'task', snapshot: task.value, asked: asTask } };
    }
    if (raw.resultType === 'input_required') {
      return { kind: 'invalid', problem: 'resultType "input_required" is of another revision', raw };
    }
    return readResult(raw);
  },
  get: ({ taskId }) => ({ method: 'tasks/get', params: { taskId } }),
  decodeTask,
  // Answers are replies on the stream of the question; there is no tasks/update.
  update: () => undefined,
  cancel: ({ taskId }) => ({ method: 'tasks/cancel', params: { taskId } }),
  result: ({ taskId }) => ({ method: 'tasks/result', params: { taskId } }),
  decodeResult(raw) {
    if (isJsonObject(raw)) return { kind: 'value', value: resultBody(raw) };
    return { kind: 'invalid', problem: 'The result of the task is not an object', raw };
  },
  list: (capabilities, cursor) =>
    isJsonObject(tasksOf(capabilities)?.list) ? askPage('tasks/list', cursor) : undefined,
  decodeList(raw) {
    const page = readPage(raw, { method: 'tasks/list', field: 'tasks' });
    if (page.kind === 'invalid') return page;
    const items = page.value.items.map(decodeTask).flatMap((task) => (task.kind === 'value' ? [task.value] : []));
    return { kind: 'value', value: { items, next: page.value.next } };
  },
  requests: {
    keyOf: questionKey,
    taskOf(params) {
      const related = isJsonObject(params._meta) ? params._meta[RELATED_TASK] : undefined;
      return isJsonObject(related) && typeof related.taskId === 'string' ? related.taskId : undefined;
    },
  },
  notice(method, params) {
    if (method === PROGRESS) return readProgress(params);
    if (method === 'notifications/tools/list_changed') return { kind: 'tools-changed' };
    const task = method === 'notifications/tasks/status' ? decodeTask(params) : undefined;
    return task?.kind === 'value' ? { kind: 'task', snapshot: task.value } : undefined;
  },
  judge(failure, about) {
    const needsTask = about === 'call' && failure.kind === 'rpc' && NEEDS_TASK.includes(failure.code);
    return needsTask ? 'needs-task' : judge(failure, about);
  },
};
