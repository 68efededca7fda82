import type { TaskStore } from '../store/task-store.ts';
import type { TaskClientOptions } from './client-api.ts';

/** Client options with a resolved store. */
export interface StoredOptions extends TaskClientOptions {
  readonly store: TaskStore;
}
