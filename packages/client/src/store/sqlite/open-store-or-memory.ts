import { TaskError } from '../../errors.ts';
import { createMemoryStore } from '../memory-store.ts';
import type { TaskStore } from '../task-store.ts';
import { type OpenSqliteStoreOptions, openSqliteStore } from './open-store.ts';
import { createUnsavedStore } from './unsaved-store.ts';

/**
 * As {@link openSqliteStore}, but new tasks are kept in memory while they cannot be saved: from the start for a
 * read-only directory, or once the disk is full. `onNotice` is called for each such task; a host has to show it, since
 * the task ends with the process. Tasks on disk stay there, and their changes are refused until they can be saved.
 *
 * A store of a newer version, or one that other users can write to, is still refused.
 * @throws {TaskError} `store-too-new`, `store-unsafe`
 */
export async function openSqliteStoreOrMemory(options: OpenSqliteStoreOptions): Promise<TaskStore> {
  const { onNotice = () => undefined } = options;
  try {
    const disk = await openSqliteStore(options);
    return createUnsavedStore(disk, (record, problem, where) => {
      const which = record.taskId === null ? `${record.tool} (${record.id})` : `${record.tool} (${record.taskId})`;
      const what = where === 'memory' ? 'is lost when this process ends' : 'keeps the state that was last saved';
      onNotice(`NOT SAVED: ${which} ${what}. ${problem.message}. ${problem.hint ?? ''}`.trim());
    });
  } catch (error) {
    if (!TaskError.is(error) || error.code === 'store-too-new' || error.code === 'store-unsafe') throw error;
    onNotice(`NOT SAVED: tasks of this process are lost when it ends. ${error.message}. ${error.hint ?? ''}`.trim());
    return createMemoryStore();
  }
}
