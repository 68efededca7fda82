import { onTestFinished } from 'vitest';
import type { TaskClient, TaskClientOptions } from '../../packages/client/src/api/client-api.ts';
import type { FollowedTask } from '../../packages/client/src/api/handle-api.ts';
import { createTaskClient } from '../../packages/client/src/api/task-client.ts';
import { connect } from '../../packages/client/src/connect/connect.ts';
import { createMemoryStore } from '../../packages/client/src/store/memory-store.ts';
import { acceptedCall } from '../../packages/client/src/testing/accepted-call.ts';
import { type Act, complete } from './faulty-server.ts';

/** A task of 2026-07-28 as on the wire, with the minimum poll interval. */
export const TASK = { taskId: 't1', status: 'working', ttlMs: 60_000, pollIntervalMs: 250 };
export const RESULT = { resultType: 'complete', content: [{ type: 'text', text: 'done' }] };
export const CREATED: Act = { result: { resultType: 'task', ...TASK } };
export const COMPLETED = complete({ ...TASK, status: 'completed', result: RESULT });

/** A task of 2025-11-25. */
export const CORE_TASK = { taskId: 't1', status: 'working', ttl: 60_000, pollInterval: 250 };

export const refused = (code: number, httpStatus = 200): Act => ({ error: { code, message: 'refused' }, httpStatus });

/** A client on a real connection, closed at the end of the test. */
export async function clientOf(url: string, options: Partial<TaskClientOptions> = {}): Promise<TaskClient> {
  const connection = await connect({ kind: 'url', url });
  const client = createTaskClient({ connection, store: createMemoryStore(), ...options });
  onTestFinished(() => client.close());
  return client;
}

export async function callTask(client: TaskClient, name = 'deploy'): Promise<FollowedTask> {
  const call = await acceptedCall(client, { name });
  if (call.kind !== 'task') throw new Error('The server made no task');
  return call.task;
}
