import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { freshHome, run, start } from '../commands/support.ts';
import { watch } from '../terminal/support/watch.ts';
import { createBoardWorld, scriptOf } from './board-world.ts';

/** @tosin2013/mcp-shrimp-task-manager from npm with one planned task: a board that answers in prose. */
async function createShrimpBoard() {
  const folder = freshHome();
  const env = { DATA_DIR: folder, TEMPLATES_USE: 'en' };
  const script = scriptOf('@tosin2013/mcp-shrimp-task-manager', 'dist/index.js');
  const world = createBoardWorld({ script, env }, { home: freshHome(), name: 'plan' });
  const planned = [{ name: 'Write the notes', description: 'Of the release', implementationGuide: 'write', notes: '' }];
  const updateMode = 'clearAllTasks';
  await world.byOther('split_tasks', { updateMode, tasksRaw: JSON.stringify(planned), globalAnalysisResult: 'x' });
  const [task] = JSON.parse(readFileSync(join(folder, 'tasks.json'), 'utf8')).tasks as { id: string }[];
  const taskId = task?.id ?? '';
  return {
    ...world,
    taskId,
    begin: () => world.byOther('execute_task', { taskId }),
    verify: () =>
      world.byOther('verify_task', { taskId, score: 95, summary: 'They are written, and were read by two people.' }),
  };
}

test("watch shows that a prose board's item was completed elsewhere", async () => {
  const { home, taskId, begin, verify } = await createShrimpBoard();
  const { stdout } = await run(['follow', 'plan', 'task', taskId, '--detach'], { home });
  const id = stdout.trim();
  await using view = watch(home, ['--keep-open'], { columns: 100, rows: 24 });
  await view.waitFor(/◐.*task .*Write the notes/);
  await begin();
  await verify();
  await view.waitFor('1 done');
  const result = await run(['result', id], { home });
  expect(result).toMatchObject({ code: 0, stdout: expect.stringContaining('were read by two people') });
});

test('after kill -9 of follow, wait continues, and reports the item as expired when it is deleted', async () => {
  const { home, taskId, byOther, called } = await createShrimpBoard();
  const following = start(['follow', 'plan', 'task', taskId, '--keep-waiting'], { home });
  await following.waitFor('Write the notes');
  following.process.kill('SIGKILL');
  await following.done;
  const [{ task }] = JSON.parse((await run(['list', '--json'], { home })).stdout).tasks;
  expect(task).toMatchObject({ protocol: 'jobs', job: 'task', server: 'plan', status: 'working' });
  await byOther('delete_task', { taskId });
  expect(await run(['wait', task.id, '--json'], { home })).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('"status": "expired"'),
  });
  expect(called('get_task_detail')).toBeGreaterThan(1);
});
