import { expect, test } from 'vitest';
import { createTaskClient } from '../api/task-client.ts';
import { createMemoryStore } from '../store/memory-store.ts';
import type { TaskStore } from '../store/task-store.ts';
import { acceptedCall } from '../testing/accepted-call.ts';
import { createFakeClock, createScriptedConnection } from '../testing/index.ts';

const params = { message: 'Go?', requestedSchema: { type: 'object', properties: {} } };
const inputRequests = { approve: { method: 'elicitation/create', params } };
const ASKS = { taskId: 't1', status: 'input_required', pollIntervalMs: 1_000, inputRequests };
const NEGOTIATED = {
  revision: '2026-07-28',
  capabilities: { extensions: { 'io.modelcontextprotocol/tasks': {} } },
};

test('an answer that was saved while a claim was under way is still given when the claim brings an older record', async () => {
  const clock = createFakeClock();
  const store = createMemoryStore({ clock });
  const clientOf = (owner: string, its: TaskStore) => {
    const connection = createScriptedConnection(NEGOTIATED, ({ method }) =>
      method === 'tools/call' ? { resultType: 'task', ...ASKS } : ASKS,
    );
    return { connection, client: createTaskClient({ connection, store: its, clock, owner }) };
  };
  const first = clientOf('host:2:b', store);
  const call = await acceptedCall(first.client, { name: 'deploy' });
  if (call.kind !== 'task') throw new Error('The server made no task');
  await clock.advance(1_000);

  let bring = (): void => undefined;
  const slow: TaskStore = Object.create(store);
  slow.claim = async (request) => {
    const claims = await store.claim(request);
    if (claims.length > 0) {
      await new Promise<void>((resolve) => {
        bring = resolve;
      });
    }
    return claims;
  };
  const second = clientOf('host:3:c', slow);
  const task = await second.client.get(call.task.id).follow();
  const heard: string[] = [];
  void (async () => {
    for await (const { kind } of task.updates()) heard.push(kind);
  })();
  await first.client.close();
  await clock.advance(2_000);
  expect(await store.ownerOf(task.id)).toBe('host:3:c');
  const answered = (await task.question('approve')).answer({ action: 'accept', content: {} });
  await expect.poll(() => task.latest.ledger.approve?.state).toBe('answering');
  bring();
  await clock.advance(1_000);
  await answered;
  expect(second.connection.count('tasks/update')).toBe(1);
  expect(heard).toEqual(['status', 'question', 'question-withdrawn']);
  await second.client.close();
});
