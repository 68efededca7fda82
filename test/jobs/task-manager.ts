import { join } from 'node:path';
import { freshHome } from '../commands/support.ts';
import { createBoardWorld, scriptOf } from './board-world.ts';

/** @kazuph/mcp-taskmanager from npm, configured as `board`, with two planned items. */
export async function createTaskManager(home = freshHome()) {
  const env = { TASK_MANAGER_FILE_PATH: join(freshHome(), 'tasks.json') };
  const world = createBoardWorld({ script: scriptOf('@kazuph/mcp-taskmanager', 'dist/index.js'), env }, { home });
  const tasks = ['Write the notes', 'Ship it'].map((title) => ({ title, description: title }));
  const planned = JSON.parse(await world.byOther('request_planning', { originalRequest: 'Release', tasks }));
  const [first, second] = (planned.tasks as { id: string }[]).map(({ id }) => id);
  const done = (taskId: string | undefined) =>
    world.byOther('mark_task_done', { requestId: planned.requestId, taskId, completedDetails: 'see the branch' });
  return { ...world, first: first ?? '', second: second ?? '', done };
}
