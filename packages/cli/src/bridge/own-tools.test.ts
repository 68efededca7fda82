import { expect, test } from 'vitest';
import { bridgedTools, ownNames } from './own-tools.ts';

test('a bridge tool with a name of the server gets a prefix, repeated until the name is free', () => {
  expect(ownNames(new Set(['tasks_wait', 'mcp_tasks_wait', 'deploy']))).toEqual({
    wait: 'mcp_mcp_tasks_wait',
    list: 'tasks_list',
    cancel: 'tasks_cancel',
  });
});

test('the answer tool exists only if a model may answer', () => {
  const named = (modelMayAnswer: boolean) =>
    bridgedTools([], ownNames(new Set(), modelMayAnswer)).map(({ name }) => name);
  expect(named(false)).toEqual(['tasks_wait', 'tasks_list', 'tasks_cancel']);
  expect(named(true)).toEqual(['tasks_wait', 'tasks_list', 'tasks_cancel', 'tasks_answer']);
});

test("a server's tool keeps its name and arguments, loses its output schema, and gets a note that it may take long", () => {
  const [tool] = bridgedTools(
    [{ name: 'deploy', description: 'Deploys.', inputSchema: { type: 'object' }, outputSchema: { type: 'object' } }],
    ownNames(new Set(['deploy'])),
  );
  expect(tool).toEqual({
    name: 'deploy',
    description: 'Deploys. (May take long: it then answers NOT FINISHED with a task id.)',
    inputSchema: { type: 'object' },
    execution: { taskSupport: 'optional' },
  });
});
