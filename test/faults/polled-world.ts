import type { JsonObject, JsonValue } from '../../packages/client/src/task/json.ts';
import type { Script } from '../../packages/client/src/testing/index.ts';
import { CREATED, createWorld, WORKING, type World, type WorldOptions } from './world.ts';

export const RESULT = { content: [{ type: 'text', text: 'done' }] };
export const COMPLETED = { ...WORKING, status: 'completed', result: RESULT };
export const START = 1_700_000_000_000;

/** A world with scripted `tasks/get` replies that records the instants of the polls. */
export function polled(
  get: (count: number, params: JsonObject) => JsonValue | Promise<JsonValue>,
  options: WorldOptions & { readonly created?: JsonValue } = {},
): World & { readonly polls: readonly number[] } {
  const polls: number[] = [];
  const script: Script = ({ method, params }, count) => {
    if (method === 'tools/call') return options.created ?? CREATED;
    if (method !== 'tasks/get') return {};
    polls.push(world.clock.now() - START);
    return get(count, params);
  };
  const world = createWorld(script, options);
  return { ...world, polls };
}
