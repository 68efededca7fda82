import * as z from 'zod';
import { isJsonObject, type JsonObject, type JsonValue } from '../../task/json.ts';
import type { TaskSnapshot } from '../../task/task.ts';
import { depthProblem } from '../depth.ts';
import type { Decoded, TaskDialect } from '../dialect.ts';
import { hintMs, problemOf, status, text, ttlMs } from '../lenient.ts';

/** `ttl` and `pollInterval` are milliseconds all the same. */
const taskSchema = z.looseObject({
  taskId: z.string().min(1),
  status,
  statusMessage: text,
  createdAt: text,
  lastUpdatedAt: text,
  ttl: ttlMs,
  pollInterval: hintMs,
});

function decodeTask(raw: JsonValue): Decoded<TaskSnapshot> {
  const problem = depthProblem(raw);
  if (problem !== undefined) return { kind: 'invalid', problem, raw: null };
  const body = isJsonObject(raw) && typeof raw.taskId !== 'string' && isJsonObject(raw.task) ? raw.task : raw;
  const parsed = taskSchema.safeParse(body);
  if (!parsed.success) return { kind: 'invalid', problem: problemOf(parsed.error), raw };
  const { taskId, statusMessage, createdAt, lastUpdatedAt, ttl, pollInterval } = parsed.data;
  return {
    kind: 'value',
    value: {
      taskId,
      status: parsed.data.status,
      statusMessage,
      createdAt,
      lastUpdatedAt,
      ttlMs: ttl,
      pollIntervalMs: pollInterval,
      raw: body,
    },
  };
}

function tasksOf(capabilities: JsonObject): JsonObject | undefined {
  return isJsonObject(capabilities.tasks) ? capabilities.tasks : undefined;
}

/** Core tasks (experimental) of protocol revision 2025-11-25, and earlier ones, which have none. */
export const dialect: TaskDialect = {
  revision: '2025-11-25',
  resultApart: true,
  hasTasks(capabilities) {
    const requests = tasksOf(capabilities)?.requests;
    return isJsonObject(requests) && isJsonObject(requests.tools) && isJsonObject(requests.tools.call);
  },
  canList: (capabilities) => isJsonObject(tasksOf(capabilities)?.list),
  taskSupport(tool, capabilities) {
    if (!dialect.hasTasks(capabilities)) return 'forbidden';
    const support = isJsonObject(tool.execution) ? tool.execution.taskSupport : undefined;
    return support === 'optional' || support === 'required' ? support : 'forbidden';
  },
  encodeCall: (call) => ({
    name: call.name,
    arguments: call.arguments,
    ...(call.asTask ? { task: call.ttlMs === undefined ? {} : { ttl: call.ttlMs } } : {}),
  }),
  decodeCall(raw) {
    if (!isJsonObject(raw)) return { kind: 'invalid', problem: 'the answer is not an object', raw };
    const problem = depthProblem(raw);
    if (problem !== undefined) return { kind: 'invalid', problem, raw: null };
    // A server that mixes revisions up has made a task all the same; that it wants input is no result.
    if (isJsonObject(raw.task) || raw.resultType === 'task') {
      const task = decodeTask(raw);
      return task.kind === 'invalid' ? task : { kind: 'value', value: { kind: 'task', snapshot: task.value } };
    }
    if (raw.resultType !== undefined && raw.resultType !== 'complete') {
      return { kind: 'invalid', problem: `resultType ${JSON.stringify(raw.resultType)} is of another revision`, raw };
    }
    return { kind: 'value', value: { kind: 'complete', result: raw } };
  },
  decodeTask,
  // Questions are answered on the stream they came by; there is no tasks/update.
  encodeUpdate: (taskId) => ({ taskId }),
};
