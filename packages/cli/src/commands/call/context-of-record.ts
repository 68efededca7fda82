import type { JsonObject, TaskClient, TaskStore } from '@mcp-tasks/client';

/**
 * Replaces a task id in `context` by the server's context id, if the protocol has one: people know the task, not the id
 * of the conversation.
 */
export async function withContextOfRecord(args: JsonObject, client: TaskClient, store: TaskStore): Promise<JsonObject> {
  const { connection } = client;
  const { context } = args;
  if (connection.negotiated.protocol === undefined || typeof context !== 'string' || context === '') return args;
  const { records } = await store.find(context);
  const [known] = records.filter((each) => each.server.fingerprint === connection.identity.fingerprint);
  return records.length === 1 && known?.context !== undefined ? { ...args, context: known.context } : args;
}
