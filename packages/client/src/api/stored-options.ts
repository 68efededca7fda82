import type { TaskStore } from '../store/task-store.ts';
import type { TaskClientOptions } from './client-api.ts';

/** The options of a client whose store is known. */
export interface StoredOptions extends TaskClientOptions {
  readonly store: TaskStore;
}
