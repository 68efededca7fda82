import type { ToolDescription } from '../api/call-api.ts';
import type { Connection } from '../connect/connection.ts';
import { TaskError } from '../errors.ts';
import type { TaskDialect } from '../protocol/dialect.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../task/json.ts';

/** A server that never stops paging is cut off here. */
const MAX_PAGES = 100;

/** The id of a task that was made of a request which may not become one, in either revision's shape. */
function taskIn({ resultType, taskId, task }: JsonObject): string | undefined {
  if (resultType === 'task') return String(taskId ?? (isJsonObject(task) ? task.taskId : undefined));
  return isJsonObject(task) && typeof task.taskId === 'string' ? task.taskId : undefined;
}

/** All items of a paged list. */
export async function listAll(
  connection: Connection,
  method: string,
  field: string,
  signal?: AbortSignal,
): Promise<readonly JsonValue[]> {
  const { label } = connection.identity;
  const items: JsonValue[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const answer = await connection.request(method, cursor === undefined ? {} : { cursor }, { signal });
    const taskId = isJsonObject(answer) ? taskIn(answer) : undefined;
    if (taskId !== undefined) {
      throw new TaskError('invalid-response', `${label} answered ${method} with task ${taskId}`, {
        hint: 'Only a call of a tool may become a task.',
      });
    }
    if (!isJsonObject(answer) || !Array.isArray(answer[field])) {
      throw new TaskError('invalid-response', `${label} answered ${method} with no ${field}`);
    }
    items.push(...(answer[field] as readonly JsonValue[]));
    if (typeof answer.nextCursor !== 'string') return items;
    cursor = answer.nextCursor;
  }
  return items;
}

function describe(tool: JsonObject, dialect: TaskDialect, capabilities: JsonObject): ToolDescription {
  const text = (value: JsonValue | undefined): string | undefined => (typeof value === 'string' ? value : undefined);
  return {
    name: String(tool.name),
    title: text(tool.title),
    description: text(tool.description),
    inputSchema: isJsonObject(tool.inputSchema) ? tool.inputSchema : { type: 'object' },
    outputSchema: isJsonObject(tool.outputSchema) ? tool.outputSchema : undefined,
    annotations: isJsonObject(tool.annotations) ? tool.annotations : undefined,
    taskSupport: dialect.taskSupport(tool, capabilities),
  };
}

export async function listTools(
  connection: Connection,
  dialect: TaskDialect,
  signal?: AbortSignal,
): Promise<readonly ToolDescription[]> {
  const tools = await listAll(connection, 'tools/list', 'tools', signal);
  const { capabilities } = connection.negotiated;
  // Without a name a tool cannot be called.
  const named = tools.filter(isJsonObject).filter(({ name }) => typeof name === 'string' && name !== '');
  return named.map((tool) => describe(tool, dialect, capabilities));
}
