import { isJsonObject, type JsonObject, type JsonValue } from '../core/json.ts';
import type { Connection } from '../ports/connection.ts';
import type { TaskDialect } from '../protocol/dialect.ts';
import type { ToolDescription } from './client-api.ts';

/** A server that never stops paging is cut off here. */
const MAX_PAGES = 100;

/** All items of a paged list. */
export async function listAll(
  connection: Connection,
  method: string,
  field: string,
  signal?: AbortSignal,
): Promise<readonly JsonValue[]> {
  const items: JsonValue[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const answer = await connection.request(method, cursor === undefined ? {} : { cursor }, { signal });
    if (!isJsonObject(answer)) return items;
    const found = answer[field];
    if (Array.isArray(found)) items.push(...found);
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
  return tools.filter(isJsonObject).map((tool) => describe(tool, dialect, capabilities));
}
