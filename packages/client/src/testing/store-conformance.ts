import type { TaskStore } from '../store/task-store.ts';
import { batchChecks } from './store-checks-batches.ts';
import { dutyChecks } from './store-checks-duties.ts';
import { mailChecks } from './store-checks-mail.ts';
import { ownerChecks } from './store-checks-owners.ts';
import { pageChecks } from './store-checks-pages.ts';
import { recordChecks } from './store-checks-records.ts';
import { shareChecks } from './store-checks-shares.ts';
import type { StoreRule, TimedRule } from './store-rule.ts';

/** A new, empty store for each check, with control of its clock. */
export interface StoreUnderTest {
  /** Opens the store; a second call opens the same records, as another process would. */
  open(): Promise<TaskStore> | TaskStore;
  /** Moves the store's clock on by `ms`. */
  passTime(ms: number): Promise<void> | void;
}

/** Creates the store for the next check. */
export type CreateStore = () => Promise<StoreUnderTest> | StoreUnderTest;

/** One required behaviour of stores. */
export interface StoreCheck {
  /** The behaviour, as a sentence. */
  readonly title: string;
  /** Throws if the store violates it. Closes the stores it opened. */
  run(createStore: CreateStore): Promise<void>;
}

const plain = ({ title, check }: StoreRule): TimedRule => ({ title, check: ({ store }) => check(store) });

const rules: readonly TimedRule[] = [
  ...recordChecks.map(plain),
  ...pageChecks,
  ...ownerChecks,
  ...shareChecks,
  ...dutyChecks,
  ...batchChecks,
  ...mailChecks,
];

/**
 * The behaviour that every store must have, for any test runner.
 *
 * @example
 * import { storeChecks } from '@mcp-tasks/client/testing';
 *
 * const createMyStore = () => ({ open: openMyStore, passTime: moveMyClock });
 * for (const { title, run } of storeChecks) test(title, () => run(createMyStore));
 */
export const storeChecks: readonly StoreCheck[] = rules.map((rule) => ({
  title: rule.title,
  async run(createStore) {
    const { open, passTime } = await createStore();
    const store = await open();
    const other = await open();
    try {
      await rule.check({ store, other, passTime: async (ms) => passTime(ms) });
    } finally {
      await other.close();
      await store.close();
    }
  },
}));
