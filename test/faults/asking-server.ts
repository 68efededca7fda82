import type { FollowedTask } from '../../packages/client/src/api/handle-api.ts';
import type { JsonObject, JsonValue } from '../../packages/client/src/task/json.ts';
import type { TaskChange } from '../../packages/client/src/task/updates.ts';
import type { Script } from '../../packages/client/src/testing/index.ts';
import { CREATED, WORKING } from './world.ts';

export const other = { method: 'elicitation/create', params: { message: 'Really delete it?' } };
export const asking = (inputRequests: JsonObject): JsonObject => ({
  ...WORKING,
  status: 'input_required',
  inputRequests,
});

/** A server with scripted questions that records its updates. */
export function askingScript(
  questions: () => JsonObject,
  update: () => JsonValue | Promise<JsonValue> = () => ({}),
): Script {
  return ({ method }) => {
    if (method === 'tools/call') return CREATED;
    if (method === 'tasks/update') return update();
    return asking(questions());
  };
}

export function collect(task: FollowedTask): TaskChange[] {
  const updates: TaskChange[] = [];
  void (async () => {
    for await (const update of task.updates()) updates.push(update);
  })();
  return updates;
}

export const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'accepted',
    (error: { code: string }) => error.code,
  );
