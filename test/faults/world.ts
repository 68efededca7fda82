import type { TaskClient, TaskClientOptions } from '../../packages/client/src/api/client-api.ts';
import type { FollowedTask } from '../../packages/client/src/api/handle-api.ts';
import { createTaskClient } from '../../packages/client/src/api/task-client.ts';
import type { Clock } from '../../packages/client/src/clock.ts';
import { createMemoryStore } from '../../packages/client/src/store/memory-store.ts';
import type { TaskStore } from '../../packages/client/src/store/task-store.ts';
import type { JsonObject } from '../../packages/client/src/task/json.ts';
import { acceptedCall } from '../../packages/client/src/testing/accepted-call.ts';
import {
  createFakeClock,
  createScriptedConnection,
  type FakeClock,
  type Script,
  type ScriptedConnection,
} from '../../packages/client/src/testing/index.ts';

// Preloads the schema validator: a fake clock would not wait for its import.
await import('../../packages/client/src/schema/index.ts');
await import('../../packages/client/src/api/answer-question.ts');

export const EXTENSION = { extensions: { 'io.modelcontextprotocol/tasks': {} } };
export const CORE_TASKS = { tasks: { cancel: {}, requests: { tools: { call: {} } } } };

/** A working task of 2026-07-28. */
export const WORKING = { taskId: 't1', status: 'working', ttlMs: 60_000, pollIntervalMs: 1_000 };
export const CREATED = { resultType: 'task', ...WORKING };

/** A working task of 2025-11-25. */
export const CORE_WORKING = { taskId: 't1', status: 'working', ttl: 60_000, pollInterval: 1_000 };

export const QUESTION = {
  method: 'elicitation/create',
  params: {
    mode: 'form',
    message: 'Approve?',
    requestedSchema: { type: 'object', properties: { approve: { type: 'boolean' } }, required: ['approve'] },
  },
};
export const ACCEPT = { action: 'accept', content: { approve: true } };

export interface World {
  readonly clock: FakeClock;
  readonly store: TaskStore;
  readonly connection: ScriptedConnection;
  readonly client: TaskClient;
  /** Another process on the same store, with its own connection and client. */
  another(over?: Partial<WorldOptions>): World;
}

export interface WorldOptions extends Omit<TaskClientOptions, 'connection' | 'store' | 'clock'> {
  readonly revision?: string;
  readonly capabilities?: JsonObject;
  readonly fingerprint?: string;
  readonly account?: string;
  readonly store?: TaskStore;
  readonly clock?: FakeClock;
  readonly script?: Script;
}

let owners = 0;

/** A client and a server in memory, with a fake clock. */
export function createWorld(script: Script, options: WorldOptions = {}): World {
  const { revision = '2026-07-28', fingerprint = 'scripted', account, ...rest } = options;
  const clock = options.clock ?? createFakeClock();
  const store = options.store ?? createMemoryStore({ clock });
  const capabilities = options.capabilities ?? (revision === '2025-11-25' ? CORE_TASKS : EXTENSION);
  const connection = createScriptedConnection(
    { revision, capabilities, fingerprint, ...(account === undefined ? {} : { account }) },
    script,
  );
  owners += 1;
  const client = createTaskClient({ owner: `host:${owners}:x`, ...rest, connection, store, clock: clock as Clock });
  return {
    clock,
    store,
    connection,
    client,
    another: (over = {}) => createWorld(over.script ?? script, { ...options, store, clock, ...over }),
  };
}

export async function callTask({ client }: World, name = 'deploy'): Promise<FollowedTask> {
  const call = await acceptedCall(client, { name, arguments: { env: 'staging' } });
  if (call.kind !== 'task') throw new Error('The server made no task');
  return call.task;
}

export function methodsOf({ connection }: World): readonly string[] {
  return connection.sent.map(({ method }) => method);
}
