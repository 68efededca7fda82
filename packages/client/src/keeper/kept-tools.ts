import type { TaskClient } from '../api/client-api.ts';
import type { Connection } from '../connect/connection.ts';
import type { TaskDialect } from '../protocol/dialect.ts';
import { dialectOf } from '../protocol/select.ts';
import type { JsonObject } from '../task/json.ts';
import { listAll } from '../worker/tools.ts';

/** The server's tools unchanged, after its jobs; a job hides a tool of its name. */
export async function toolsOfKept(tasks: TaskClient, connection: Connection): Promise<readonly JsonObject[]> {
  const ownDialect = connection.dialect as TaskDialect | undefined;
  const dialect = ownDialect ?? dialectOf({ revision: connection.negotiated.revision });
  if (dialect === undefined) return [];
  const listing = listAll(connection, { ask: dialect.tools, decode: dialect.decodeTools });
  const [described, written] = await Promise.all([tasks.listTools(), listing]);
  const jobs = described.filter(({ isJob }) => isJob === true);
  const hidden = new Set<unknown>(jobs.map(({ name }) => name));
  return [
    ...jobs.map(({ name, description = '', inputSchema, annotations = {} }) => ({
      ...{ name, description, inputSchema, annotations },
    })),
    ...written.filter(({ name }) => !hidden.has(name)),
  ];
}
