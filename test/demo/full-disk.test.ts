import type { TaskStore } from '@mcp-tasks/client';
import { TaskError } from '@mcp-tasks/client';
import { createMemoryStore } from '@mcp-tasks/client/memory-store';
import { afterEach, expect, test } from 'vitest';
import { createPace } from '../../packages/cli/src/demo/options.ts';
import { createTaskHost, type TaskHost } from '../../packages/cli/src/demo/task-host.ts';
import { stateOf } from '../../packages/cli/src/demo/task-record.ts';
import { createTools } from '../../packages/cli/src/demo/tools/index.ts';
import { eventually } from './support.ts';

let host: TaskHost | undefined;
afterEach(() => host?.stop());

/** A store whose writes fail while the disk is full. */
function onDisk(disk: { isFull: boolean }): TaskStore {
  const store = createMemoryStore();
  const refuse = (): void => {
    if (disk.isFull) throw new TaskError('store-unwritable', 'The disk is full');
  };
  return {
    ...store,
    async create(...args) {
      refuse();
      return store.create(...args);
    },
    async update(...args) {
      refuse();
      return store.update(...args);
    },
  };
}

test('tasks pause on a full disk and stay readable, and resume when there is room', async () => {
  const reported: (string | undefined)[] = [];
  const disk = { isFull: false };
  const tools = createTools(false);
  const tasks = await createTaskHost({
    ...{ store: onDisk(disk), tools, pace: createPace(0.01), chaos: {}, pageBase: () => '' },
    onStep: () => undefined,
    onTrouble: (trouble) => reported.push(trouble),
  });
  host = tasks;
  const { id } = await tasks.create({ tool: tools.get('batch')!, args: { items: 20 } });
  disk.isFull = true;
  await eventually(() => reported).toEqual([expect.stringContaining('full')]);
  const stuck = (await tasks.find(id))!;
  expect(stuck).toMatchObject({ status: 'working' });
  await expect(tasks.create({ tool: tools.get('report')!, args: {} })).rejects.toThrow('full');
  expect(stateOf((await tasks.find(id))!).position).toBe(stateOf(stuck).position);

  disk.isFull = false;
  await eventually(async () => (await tasks.find(id))?.status).toBe('completed');
  expect(reported).toEqual([expect.stringContaining('full'), undefined]);
});
