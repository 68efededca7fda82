import type { TaskStore } from '../store/task-store.ts';

export interface StoreRule {
  readonly title: string;
  check(store: TaskStore): Promise<void>;
}

export interface TimedRule {
  readonly title: string;
  check(setting: {
    readonly store: TaskStore;
    /** The same records in a second store instance. */
    readonly other: TaskStore;
    readonly passTime: (ms: number) => Promise<void>;
  }): Promise<void>;
}
