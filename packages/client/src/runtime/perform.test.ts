import { expect, test } from 'vitest';
import { createMemoryStore } from '../adapters/memory-store.ts';
import { createFakeClock, createScriptedConnection } from '../testing/index.ts';
import { createTaskClient } from './task-client.ts';

const WORKING = { taskId: 't1', status: 'working', ttl: 60_000, pollInterval: 1_000 };

test('a result that does not come after the task has ended is asked for again', async () => {
  const clock = createFakeClock();
  const connection = createScriptedConnection(
    { revision: '2025-11-25', capabilities: { tasks: { requests: { tools: { call: {} } } } } },
    ({ method }, count) => {
      if (method === 'tools/list') return { tools: [{ name: 'deploy', execution: { taskSupport: 'required' } }] };
      if (method === 'tools/call') return { task: WORKING };
      if (method === 'tasks/result') return count === 1 ? new Promise(() => undefined) : { content: [] };
      return { ...WORKING, status: 'completed' };
    },
  );
  const client = createTaskClient({ connection, store: createMemoryStore(), clock });
  const call = await client.callTool({ name: 'deploy' });
  if (call.kind !== 'task') throw new Error('expected a task');
  await clock.advance(60_000);
  expect(connection.count('tasks/result')).toBe(1);
  await clock.advance(120_000);
  expect(await call.task.outcome()).toMatchObject({ status: 'completed', result: { content: [] } });
  await client.close();
  expect(clock.pending).toBe(0);
});
