import { expect, test } from 'vitest';
import { createTaskClient } from '../api/task-client.ts';
import { createMemoryStore } from '../store/memory-store.ts';
import type { JsonObject } from '../task/json.ts';
import { createFakeClock, createScriptedConnection } from '../testing/index.ts';

// Loaded with the first cancel: a fake clock does not wait for it.
await import('./cancel-call.ts');

/** A call without a response, on a server with tasks, whose cancel was requested. */
async function cancelledCall() {
  let finish: (value: JsonObject) => void = () => undefined;
  const capabilities = { extensions: { 'io.modelcontextprotocol/tasks': {} } };
  const clock = createFakeClock();
  const connection = createScriptedConnection({ revision: '2026-07-28', capabilities }, ({ method }) =>
    method === 'tools/call'
      ? new Promise<JsonObject>((resolve) => {
          finish = resolve;
        })
      : {},
  );
  const store = createMemoryStore({ clock });
  const client = createTaskClient({ connection, store, clock });
  const task = await client.start({ name: 'slow' });
  const at = clock.now();
  await store.update(task.id, (record) => ({ ...record, updatedAt: at, cancelRequestedAt: at }));
  await clock.advance(3_000);
  return { client, clock, task, finish: (value: JsonObject) => finish(value) };
}

test('the request of a call that is still without a task after 10 s is cancelled', async () => {
  const { client, clock, task } = await cancelledCall();
  await clock.advance(6_999);
  expect(task.latest.phase).not.toBe('settled');
  await clock.advance(1);
  expect(await task.outcome()).toMatchObject({ status: 'unknown' });
  await client.close();
});

test('a call that ends before that leaves no timer', async () => {
  const { client, clock, task, finish } = await cancelledCall();
  finish({ resultType: 'complete', content: [] });
  expect(await task.outcome()).toMatchObject({ status: 'completed' });
  await client.close();
  expect(clock.pending).toBe(0);
});
