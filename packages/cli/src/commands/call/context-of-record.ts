import type { JsonObject, TaskClient, TaskStore } from '@mcp-tasks/client';

/**
 * The arguments with the context of a task in place of its id, where the protocol has such: a person knows a task of the
 * conversation, and not what its server calls the conversation.
 */
export async function withContextOfRecord(args: JsonObject, client: TaskClient, store: TaskStore): Promise<JsonObject> {
  const { connection } = client;
  const { context } = args;
  if (connection.negotiated.protocol === undefined || typeof context !== 'string' || context === '') return args;
  const { records } = await store.find(context);
  const [known] = records.filter((each) => each.server.fingerprint === connection.identity.fingerprint);
  return records.length === 1 && known?.context !== undefined ? { ...args, context: known.context } : args;
}
