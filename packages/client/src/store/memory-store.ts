import type { Clock } from '../clock.ts';
import { createLeases } from './memory/leases.ts';
import { createMail } from './memory/mail.ts';
import { createOwners } from './memory/owners.ts';
import { createOwnership } from './memory/ownership.ts';
import { createRecordSearch } from './memory/record-search.ts';
import { createRecordWrites } from './memory/record-writes.ts';
import { createRecords } from './memory/records.ts';
import type { TaskStore } from './task-store.ts';

/** Options of a memory store. */
export interface MemoryStoreOptions {
  /** True if this owner is known to be dead. @default no owner is known dead */
  readonly isOwnerDead?: (owner: string) => boolean;
  /** The store's clock: an owner is dead once its heartbeat is older than its lifetime. @default the system clock */
  readonly clock?: Pick<Clock, 'now'>;
}

/** Keeps records in memory; they end with the process. For tests, and for hosts without a file. */
export function createMemoryStore(options: MemoryStoreOptions = {}): TaskStore {
  const { isOwnerDead = () => false, clock = { now: Date.now } } = options;
  const records = createRecords();
  const mail = createMail();
  const owners = createOwners(() => clock.now(), isOwnerDead);
  const leases = createLeases(owners);
  const parts = { records, mail, owners, leases };
  return {
    ...createRecordSearch(records),
    ...createRecordWrites(parts),
    ...createOwnership(parts),
    onMail: mail.subscribe,
    async close() {},
  };
}
