import type { TaskRecord } from '../task/record.ts';
import { isLeaseHeld, type LeaseState, planLease } from './lease-rule.ts';
import { assertSameRecord, compareRecords, duplicateRecord, identityOf, isMatching, isOpen } from './record-rules.ts';
import type { Lease, TaskStore } from './task-store.ts';

/** What a store in memory may be told. */
export interface MemoryStoreOptions {
  /** Tells that a lease's owner can never come back. @default nobody is known dead */
  readonly isOwnerDead?: (owner: string) => boolean;
}

/** Records of this process only: nothing survives it. For tests, and for hosts that want no file. */
export function createMemoryStore(options: MemoryStoreOptions = {}): TaskStore {
  const { isOwnerDead = () => false } = options;
  const records = new Map<string, { readonly record: TaskRecord; readonly sequence: number }>();
  const removals = new Map<string, number>();
  const identities = new Map<string, string>();
  const leases = new Map<string, LeaseState>();
  let sequence = 0;

  const put = (record: TaskRecord, before?: TaskRecord): void => {
    const identity = identityOf(record);
    const holder = identity === undefined ? undefined : identities.get(identity);
    const held = holder === undefined || holder === record.id ? undefined : records.get(holder)?.record;
    if (held !== undefined && isOpen(held)) throw duplicateRecord(record);
    const former = before === undefined ? undefined : identityOf(before);
    if (former !== undefined && identities.get(former) === record.id) identities.delete(former);
    if (identity !== undefined) identities.set(identity, record.id);
    sequence += 1;
    records.set(record.id, { record, sequence });
    removals.delete(record.id);
  };

  const drop = (record: TaskRecord): void => {
    const identity = identityOf(record);
    if (identity !== undefined && identities.get(identity) === record.id) identities.delete(identity);
    records.delete(record.id);
    leases.delete(record.id);
    sequence += 1;
    removals.set(record.id, sequence);
  };

  const all = (): TaskRecord[] => [...records.values()].map((entry) => entry.record);

  return {
    async create(record) {
      if (records.has(record.id)) throw duplicateRecord(record);
      put(record);
    },
    async read(id) {
      return records.get(id)?.record;
    },
    async find(prefix) {
      const exact = all().filter((record) => record.id === prefix || record.taskId === prefix);
      if (exact.length > 0) return exact.sort(compareRecords);
      const begins = (record: TaskRecord) => record.id.startsWith(prefix) || record.taskId?.startsWith(prefix);
      return all().filter(begins).sort(compareRecords);
    },
    async list(filter = {}) {
      return all()
        .filter((record) => isMatching(record, filter))
        .sort(compareRecords);
    },
    async update(id, change, lease) {
      const before = records.get(id)?.record;
      if (before === undefined) return undefined;
      if (lease !== undefined && (lease.id !== id || !isLeaseHeld(leases.get(id), lease))) return undefined;
      const after = change(before);
      if (after === before) return before;
      assertSameRecord(before, after);
      put(after, before);
      return after;
    },
    async acquireLease(id, owner, now, durationMs) {
      const state = planLease(leases.get(id), { owner, now, durationMs }, isOwnerDead);
      if (state === undefined) return undefined;
      leases.set(id, state);
      return { id, ...state };
    },
    async releaseLease(lease) {
      const held = leases.get(lease.id);
      if (isLeaseHeld(held, lease)) leases.set(lease.id, { owner: null, fence: lease.fence, expiresAt: 0 });
    },
    async leaseOf(id): Promise<Lease | undefined> {
      const held = leases.get(id);
      if (held === undefined || held.owner === null) return undefined;
      return { id, owner: held.owner, fence: held.fence, expiresAt: held.expiresAt };
    },
    async changesSince(since) {
      if (since === sequence) return { sequence, changed: [], removed: [] };
      const changed = [...records.values()].filter((entry) => entry.sequence > since);
      return {
        sequence,
        changed: changed.sort((a, b) => a.sequence - b.sequence).map((entry) => entry.record),
        removed: since === 0 ? [] : [...removals].filter(([, at]) => at > since).map(([id]) => id),
      };
    },
    async remove(id) {
      const record = records.get(id)?.record;
      if (record !== undefined) drop(record);
      return record !== undefined;
    },
    async prune(before) {
      const past = all().filter((record) => !isOpen(record) && record.updatedAt < before);
      past.forEach(drop);
      return past.length;
    },
    async close() {},
  };
}
