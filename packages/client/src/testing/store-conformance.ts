import type { TaskStore } from '../store/task-store.ts';
import { changeChecks } from './store-checks-changes.ts';
import { leaseChecks } from './store-checks-leases.ts';
import { recordChecks } from './store-checks-records.ts';

/** A new, empty store for each check. */
export type CreateStore = () => Promise<TaskStore>;

/** One thing that every store does. */
export interface StoreCheck {
  /** What every store does, as a sentence. */
  readonly title: string;
  /** Throws when the store does not. Closes the store it made. */
  run(createStore: CreateStore): Promise<void>;
}

export interface StoreRule {
  readonly title: string;
  check(store: TaskStore): Promise<void>;
}

/**
 * What every store must do, for any test runner.
 *
 * @example
 * for (const { title, run } of storeChecks) test(title, () => run(createMyStore));
 */
export const storeChecks: readonly StoreCheck[] = [...recordChecks, ...leaseChecks, ...changeChecks].map((rule) => ({
  title: rule.title,
  async run(createStore) {
    const store = await createStore();
    try {
      await rule.check(store);
    } finally {
      await store.close();
    }
  },
}));
