import type { Clock } from '../clock.ts';
import type { TaskRecord } from '../task/record.ts';
import { createLeases } from './memory/leases.ts';
import { createMail } from './memory/mail.ts';
import { createOwners } from './memory/owners.ts';
import { createRecords } from './memory/records.ts';
import { OWNER_LIFETIME_MS, shareOf } from './owner-rule.ts';
import {
  assertSameRecord,
  compareRecords,
  type Duty,
  duplicateRecord,
  dutyOf,
  isMatching,
  isNaming,
  isOpen,
  isOvertaken,
  overtake,
  pageOf,
} from './record-rules.ts';
import type { Change, ClaimRequest, Lease, PageRequest, RecordFilter, TaskStore } from './task-store.ts';

/** Options of a memory store. */
export interface MemoryStoreOptions {
  /** True if the lease's owner is dead for certain. @default no owner is known dead */
  readonly isOwnerDead?: (owner: string) => boolean;
  /** The store's clock: an owner is dead once its heartbeat is older than its lifetime. @default the system clock */
  readonly clock?: Pick<Clock, 'now'>;
}

/** Keeps records in memory; they end with the process. For tests, and for hosts without a file. */
export function createMemoryStore(options: MemoryStoreOptions = {}): TaskStore {
  const { isOwnerDead = () => false, clock = { now: Date.now } } = options;
  const now = (): number => clock.now();
  const records = createRecords();
  const mail = createMail();
  const owners = createOwners(now, isOwnerDead);
  const leases = createLeases(owners);

  const matching = (filter: RecordFilter): readonly TaskRecord[] =>
    records.all().filter((record) => isMatching(record, filter));
  const sorted = (filter: RecordFilter): readonly TaskRecord[] => [...matching(filter)].sort(compareRecords);

  function put(record: TaskRecord, before?: TaskRecord, writer?: string): void {
    records.put(record, before);
    mail.deliver({ id: record.id, holder: leases.holderOf(record.id), writer });
  }

  function drop(record: TaskRecord): void {
    mail.deliver({ id: record.id, holder: leases.holderOf(record.id), writer: undefined });
    records.drop(record);
    leases.delete(record.id);
  }

  /** The write to make; undefined if the lease was lost or the record is gone. */
  function plan(id: string, change: Change, lease: Lease | undefined) {
    const before = records.get(id);
    if (before === undefined) return undefined;
    if (lease !== undefined && (lease.id !== id || !leases.isHeld(lease))) return undefined;
    const after = change(before);
    assertSameRecord(before, after);
    return { before, after, writer: lease?.owner };
  }

  /** Older records whose task id the server gave to this record. */
  function overtaken({ before, after, writer }: NonNullable<ReturnType<typeof plan>>): readonly TaskRecord[] {
    if (!isNaming(before, after)) return [];
    return records
      .named(after.taskId ?? '')
      .filter((older) => isOvertaken(older, after, leases.livingHolderOf(older.id), writer));
  }

  function write(planned: ReturnType<typeof plan>): TaskRecord | undefined {
    for (const older of planned === undefined ? [] : overtaken(planned)) {
      put(overtake(older, planned?.after ?? older), older);
    }
    if (planned !== undefined && planned.after !== planned.before) put(planned.after, planned.before, planned.writer);
    return planned?.after;
  }

  function lookUp(prefix: string): readonly TaskRecord[] {
    const exact = records.named(prefix);
    if (exact.length > 0) return [...exact].sort(compareRecords);
    const begins = (record: TaskRecord) => record.id.startsWith(prefix) || record.taskId?.startsWith(prefix);
    return records.all().filter(begins).sort(compareRecords);
  }

  function free(owner: string): void {
    for (const id of leases.releaseAll(owner)) mail.deliver({ id, holder: null, writer: owner });
  }

  function renew(owner: string): ReturnType<typeof owners.renew> {
    const life = owners.renew(owner);
    if (life === 'joined') free(owner);
    return life;
  }

  function claimable({ fingerprints, ids, undelivered = false }: ClaimRequest): readonly TaskRecord[] {
    const duty: Duty = undelivered ? 'deliver' : 'drive';
    const isNeeded = (record: TaskRecord): boolean =>
      ids !== undefined && !undelivered ? isOpen(record) : dutyOf(record) === duty;
    const found = ids === undefined ? records.all() : ids.flatMap((id) => records.get(id) ?? []);
    const wanted = found.filter(isNeeded).filter(({ server }) => fingerprints?.includes(server.fingerprint) ?? true);
    return wanted.sort((a, b) => (a.nextPollAt ?? 0) - (b.nextPollAt ?? 0));
  }

  return {
    async create(record, owner) {
      if (records.get(record.id) !== undefined) throw duplicateRecord(record);
      records.put(record);
      if (owner !== undefined && owners.isAlive(owner) && isOpen(record)) {
        leases.claim({ owner, limit: 1, ids: [record.id] }, [record]);
      }
      mail.deliver({ id: record.id, holder: leases.holderOf(record.id), writer: owner });
    },
    read: async (id) => records.get(id),
    find: async (prefix) => ({ records: lookUp(prefix), skipped: [] }),
    list: async (filter = {}, page: PageRequest = {}) => pageOf(sorted(filter), page),
    update: async (id, change, lease) => write(plan(id, change, lease)),
    async updateMany(steps) {
      const undo: (() => void)[] = [];
      try {
        return steps.map(({ id, change, lease }) => {
          const planned = plan(id, change, lease);
          const saved = write(planned);
          if (planned !== undefined) undo.push(() => records.put(planned.before, planned.after));
          return saved;
        });
      } catch (error) {
        for (const step of undo.reverse()) step();
        throw error;
      }
    },
    async renew(owner) {
      if (renew(owner) === 'lost') return undefined;
      const claimers = owners.living().filter(({ claims }) => claims).length;
      const open = matching({ open: true }).length;
      return { owner, lifetimeMs: OWNER_LIFETIME_MS, share: shareOf(open, claimers), open };
    },
    async claim(request) {
      if (owners.isUnknown(request.owner)) renew(request.owner);
      for (const owner of owners.bury()) free(owner);
      if (!owners.isAlive(request.owner)) return [];
      if (request.ids === undefined) owners.noteClaimer(request.owner);
      return leases.claim(request, claimable(request));
    },
    async release(given) {
      for (const lease of given) {
        leases.release(lease);
        mail.deliver({ id: lease.id, holder: null, writer: lease.owner });
      }
    },
    async leave(owner) {
      free(owner);
      owners.leave(owner);
    },
    owners: async () =>
      owners.living().map(({ owner, renewedAt }) => ({ owner, renewedAt, tasks: leases.countOf(owner) })),
    async ownerOf(id) {
      const holder = leases.holderOf(id);
      return holder !== null && owners.isAlive(holder) ? holder : undefined;
    },
    onMail: mail.subscribe,
    async post({ id }) {
      const holder = leases.livingHolderOf(id);
      if (holder !== null) mail.post(id, holder);
      return holder !== null;
    },
    async remove(id) {
      const record = records.get(id);
      if (record !== undefined) drop(record);
      return record !== undefined;
    },
    async prune(before) {
      const past = records.all().filter((record) => !isOpen(record) && record.updatedAt < before);
      past.forEach(drop);
      return past.length;
    },
    async close() {},
  };
}
