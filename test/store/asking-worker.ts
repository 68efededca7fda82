import { createTaskClient } from '../../packages/client/src/api/task-client.ts';
import type { TaskStore } from '../../packages/client/src/store/task-store.ts';
import { acceptedCall } from '../../packages/client/src/testing/accepted-call.ts';
import { createScriptedConnection } from '../../packages/client/src/testing/index.ts';

const WORKING = { taskId: 't1', status: 'working', ttlMs: 60_000, pollIntervalMs: 250 };
const QUESTION = {
  method: 'elicitation/create',
  params: {
    mode: 'form',
    message: 'Approve?',
    requestedSchema: { type: 'object', properties: { approve: { type: 'boolean' } } },
  },
};

/** Starts a task that asks once and returns the answer as its result; holds its lease. */
export async function startAskingTask(store: TaskStore) {
  let answer: unknown;
  const capabilities = { extensions: { 'io.modelcontextprotocol/tasks': {} } };
  const connection = createScriptedConnection({ revision: '2026-07-28', capabilities }, ({ method, params }) => {
    if (method === 'tools/call') return { resultType: 'task', ...WORKING };
    if (method === 'tasks/update') answer = params.inputResponses;
    if (method !== 'tasks/get') return {};
    if (answer === undefined) return { ...WORKING, status: 'input_required', inputRequests: { approve: QUESTION } };
    return { ...WORKING, status: 'completed', result: { content: [], structuredContent: { answer } as never } };
  });
  const client = createTaskClient({ connection, store });
  const call = await acceptedCall(client, { name: 'deploy' });
  if (call.kind !== 'task') throw new Error('expected a task');
  return { client, task: call.task };
}
