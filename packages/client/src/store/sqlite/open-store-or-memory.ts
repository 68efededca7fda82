import { TaskError } from '../../errors.ts';
import { createMemoryStore } from '../memory-store.ts';
import type { TaskStore } from '../task-store.ts';
import { type OpenSqliteStoreOptions, openSqliteStore } from './open-store.ts';
import { createUnsavedStore } from './unsaved-store.ts';

/**
 * As {@link openSqliteStore}, but work goes on in memory with what cannot be saved: when the directory is read-only from
 * the start, and when the disk fills up on the way. Each time `onNotice` is told that the task is not saved; a host has
 * to show that, since such a task is lost with the process.
 *
 * A store of a newer version is refused all the same: it can be read by the newer program.
 * @throws {TaskError} `store-too-new`
 */
export async function openSqliteStoreOrMemory(options: OpenSqliteStoreOptions): Promise<TaskStore> {
  const { onNotice = () => undefined } = options;
  try {
    const disk = await openSqliteStore(options);
    return createUnsavedStore(disk, (record, problem) => {
      const which = record.taskId === null ? `${record.tool} (${record.id})` : `${record.tool} (${record.taskId})`;
      onNotice(`NOT SAVED: ${which} is lost when this process ends. ${problem.message}. ${problem.hint ?? ''}`.trim());
    });
  } catch (error) {
    if (!(error instanceof TaskError) || error.code === 'store-too-new') throw error;
    onNotice(`NOT SAVED: tasks of this process are lost when it ends. ${error.message}. ${error.hint ?? ''}`.trim());
    return createMemoryStore();
  }
}
