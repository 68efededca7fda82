import type { ToolDescription } from '../api/call-api.ts';
import type { Connection } from '../connect/connection.ts';
import { TaskError } from '../errors.ts';
import type { Ask, Decoded, Page, TaskDialect } from '../protocol/dialect.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../task/json.ts';

/** The limit for a server that never stops paging. */
const MAX_PAGES = 100;
const MAX_ITEMS = 10_000;

/** The requests and the decoder of a paged list. */
export interface PagedList<T> {
  ask(cursor: string | undefined): Ask;
  decode(raw: JsonValue): Decoded<Page<T>>;
}

/** All items of a paged list; a repeated cursor ends it. @throws {TaskError} `invalid-response` */
export async function listAll<T>(
  connection: Connection,
  { ask, decode }: PagedList<T>,
  signal?: AbortSignal,
): Promise<readonly T[]> {
  const items: T[] = [];
  const cursors = new Set<string>();
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const { method, params } = ask(cursor);
    const decoded = decode(await connection.request(method, params, { signal }));
    if (decoded.kind === 'invalid') {
      throw new TaskError('invalid-response', `${connection.identity.label} answered ${decoded.problem}`);
    }
    if (items.length + decoded.value.items.length > MAX_ITEMS) {
      throw new TaskError('invalid-response', `${connection.identity.label} lists more than ${MAX_ITEMS} of ${method}`);
    }
    items.push(...decoded.value.items);
    cursor = decoded.value.next;
    if (cursor === undefined || cursors.has(cursor)) break;
    cursors.add(cursor);
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
  const tools = await listAll(connection, { ask: dialect.tools, decode: dialect.decodeTools }, signal);
  const { capabilities } = connection.negotiated;
  // Only the first tool of a name can be called, and none without a name.
  const named = new Map<string, JsonObject>();
  for (const tool of tools) {
    if (typeof tool.name === 'string' && tool.name !== '' && !named.has(tool.name)) named.set(tool.name, tool);
  }
  return [...named.values()].map((tool) => describe(tool, dialect, capabilities));
}
