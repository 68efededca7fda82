import type { Clock } from '../clock.ts';
import { createLeases } from './memory/leases.ts';
import { createMail } from './memory/mail.ts';
import { createOwners } from './memory/owners.ts';
import { createOwnership } from './memory/ownership.ts';
import { createRecordSearch } from './memory/record-search.ts';
import { createRecordWrites } from './memory/record-writes.ts';
import { createRecords } from './memory/records.ts';
import type { TaskStore } from './task-store.ts';

/** What a store in memory may be told. */
export interface MemoryStoreOptions {
  /** Tells that a lease's owner can never come back. @default nobody is known dead */
  readonly isOwnerDead?: (owner: string) => boolean;
  /** The store's clock: owners whose heartbeat is older than their lifetime by it are dead. @default the system's */
  readonly clock?: Pick<Clock, 'now'>;
}

/** Records of this process only: nothing survives it. For tests, and for hosts that want no file. */
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
