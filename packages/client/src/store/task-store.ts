import type { Person } from '../task/audience.ts';
import type { TaskRecord } from '../task/record.ts';

/** Right of one owner to poll and answer a task. A write under a stale fence writes nothing. */
export interface Lease {
  /** Local id of the record. */
  readonly id: string;
  /** Owner of the lease. */
  readonly owner: string;
  /** Grows with every change of owner. */
  readonly fence: number;
  /** True for a record kept only in memory because its disk failed: its lease needs no heartbeat. */
  readonly unsaved?: true | undefined;
}

/** Result of a heartbeat. */
export interface Tenure {
  /** Owner of the heartbeat. */
  readonly owner: string;
  /** How long from the start of the heartbeat other owners do not claim its tasks, in ms. */
  readonly lifetimeMs: number;
  /**
   * Share of the open tasks: of each server, an equal part among the living owners that claim its tasks. A claim with
   * `fingerprints` limits its owner to those servers.
   */
  readonly share: number;
  /** Number of open tasks in the store, held or not. @default unknown */
  readonly open?: number | undefined;
  /** Number of other living owners that claim tasks which this one may claim. @default unknown */
  readonly others?: number | undefined;
}

/** A leased task, with its record at the time of the claim. */
export interface Claim {
  /** The record at the time of the claim. */
  readonly record: TaskRecord;
  /** Passed with every write. */
  readonly lease: Lease;
}

/** Selects the tasks to claim. */
export interface ClaimRequest {
  /** The claiming owner. An owner that expired gets nothing until `renew` has reported it. */
  readonly owner: string;
  /** Maximum number of tasks. */
  readonly limit: number;
  /** Only tasks of these servers. Without `ids`, the owner also has a share of these servers only. @default any */
  readonly fingerprints?: readonly string[] | undefined;
  /**
   * No tasks of these servers, which the owner cannot reach now. Until it claims without this again, its part of the
   * open tasks is shared among the others. @default none
   */
  readonly except?: readonly string[] | undefined;
  /** True: settled records whose end is undelivered (`deliveredAt` is null), instead of open ones. @default false */
  readonly undelivered?: boolean | undefined;
  /** Only these records; those that this owner holds are returned again, with the same fence. @default any */
  readonly ids?: readonly string[] | undefined;
}

/** A living owner. */
export interface OwnerState {
  /** Name of the owner. */
  readonly owner: string;
  /** Time of its last heartbeat, in ms since the epoch by the store's clock. */
  readonly renewedAt: number;
  /** Number of its leases. */
  readonly tasks: number;
}

/** A server's request to pause (`Retry-After`), shared by all processes on this store. */
export interface ServerPause {
  /** Fingerprint of the server. */
  readonly fingerprint: string;
  /** Rest of the pause, in ms from now. */
  readonly forMs: number;
}

/** Returns the next record from the newest one, or the same object for no change. It may run again: no side effects. */
export type Change = (record: TaskRecord) => TaskRecord;

/** One write of a batch. */
export interface Step {
  /** Local id of the record. */
  readonly id: string;
  /** The change to write. */
  readonly change: Change;
  /** Lease of the write. */
  readonly lease: Lease;
}

/** Which writes to report: all, or those by others to tasks of one owner. */
export type Interest = { readonly owner: string } | { readonly all: true };

/** Mail that is not a write. `look`: a client asks the owner to poll the task now. */
export interface TaskMail {
  /** Kind of the mail. */
  readonly kind: 'look';
  /** Local id of the record. */
  readonly id: string;
}

/** Selects records of a list. */
export interface RecordFilter {
  /** Only records that are not settled. */
  readonly open?: boolean;
  /** Only open records with an open question. */
  readonly asking?: boolean;
  /** Only settled records whose end is undelivered: `deliveredAt` is null. */
  readonly undelivered?: boolean;
  /** Only records of this server. */
  readonly fingerprint?: string;
  /** Only records with this key. */
  readonly key?: string;
  /** Only records with all of these labels. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Only records updated at this instant or later, in ms since the epoch. */
  readonly since?: number;
}

/** Selects a page of a list. */
export interface PageRequest {
  /** Maximum number of records. @default all */
  readonly limit?: number;
  /** `next` of the previous page. @default the first page */
  readonly after?: string | undefined;
}

/** A record that this version cannot read. It stays unchanged. */
export interface SkippedRecord {
  /** Local id of the record. */
  readonly id: string;
  /** The reason, in words. */
  readonly reason: string;
}

/** Records found, and records that cannot be read. */
export interface Found {
  /** The records. */
  readonly records: readonly TaskRecord[];
  /** Records of a newer version, of an unknown kind, or damaged. */
  readonly skipped: readonly SkippedRecord[];
}

/** A page of a list. */
export interface RecordPage extends Found {
  /** Cursor of the next page; absent on the last page. */
  readonly next?: string | undefined;
}

/**
 * Stores records, with owners and leases instead of file locks, so that a fleet's database can implement it.
 *
 * An owner is alive while its last heartbeat (`renew`) is younger than its lifetime by the store's clock; a store that
 * can detect a dead owner earlier does so. A lease names its owner and a fence.
 *
 * Every method may throw a {@link TaskError} `store-unwritable`, `store-corrupt` or `store-too-new`; the last two also
 * for a single unreadable record.
 */
export interface TaskStore {
  /** A new lease owner whose dead process this store can detect. @default a random id without that */
  newOwner?(): string;
  /**
   * Creates a record, durable when it resolves. With a living `owner`, the record is leased to it at once; `claim` by
   * id returns the lease. Otherwise another owner could claim a call in progress as abandoned.
   * @throws {TaskError} `ambiguous-id` if the local id exists, or an open record of the same (fingerprint, revision,
   * account, taskId); a settled one frees its task id, since servers reuse ids. `key-conflict` if an open record of the
   * same (fingerprint, account) has the key
   */
  create(record: TaskRecord, owner?: string): Promise<void>;
  /** Reads a record by its local id; undefined if there is none. */
  read(id: string): Promise<TaskRecord | undefined>;
  /** Records whose local id or task id starts with `prefix`; exact matches exclude the others. */
  find(prefix: string): Promise<Found>;
  /** Open records first, then newest first; all, or one page. */
  list(filter?: RecordFilter, page?: PageRequest): Promise<RecordPage>;
  /**
   * One atomic read-change-write. `change` gets the newest record and returns the next one, or the same object for no
   * change. Undefined if the record does not exist, or the given lease was lost: nothing was written. Writes that must
   * survive a power loss (answer, cancel, task id, end) are durable when it resolves. Without a lease, the task's owner
   * gets mail. A record that gets its task id here settles an older open record with that id, since servers reuse ids.
   */
  update(id: string, change: Change, lease?: Lease): Promise<TaskRecord | undefined>;
  /**
   * A batch in one round trip, in the order of the steps; undefined where the lease was lost or the record is gone.
   * If a change throws, or two open records would share a task id, nothing is written.
   */
  updateMany(steps: readonly Step[]): Promise<readonly (TaskRecord | undefined)[]>;
  /**
   * Heartbeat of an owner: extends all its leases. The first one registers the owner, and frees the leases of an
   * earlier life of the same name. Undefined: the owner expired and holds nothing; its next heartbeat re-registers it.
   */
  renew(owner: string): Promise<Tenure | undefined>;
  /**
   * Leases open tasks without a living owner, due first; calls with a lost response only by `ids`. Each task goes to
   * one owner, under a higher fence. The first claim of an owner is its first heartbeat.
   */
  claim(request: ClaimRequest): Promise<readonly Claim[]>;
  /** Releases leases; a lease that is no longer held is ignored. */
  release(leases: readonly Lease[]): Promise<void>;
  /** Releases all leases of an owner, and ends its heartbeat. */
  leave(owner: string): Promise<void>;
  /** Lists the living owners. */
  owners(): Promise<readonly OwnerState[]>;
  /** The living owner that holds this task, if any. */
  ownerOf(id: string): Promise<string | undefined>;
  /**
   * Calls the listener, at most a few times a second, with the ids of records that were written, removed or (for `all`)
   * released. `undefined` ids: reread everything, since there were too many, or the store was unreadable for a while.
   * `looks`: tasks for which this owner got `look` mail. Returns the remover.
   */
  onMail(
    interest: Interest,
    listener: (ids: readonly string[] | undefined, looks?: readonly string[]) => void,
  ): () => void;
  /** Sends mail to the owner of the task; false if it has no living owner. @default owners get mail for writes only */
  post?(mail: TaskMail): Promise<boolean>;
  /**
   * Calls the listener when owners of this store may expire before their lifetime ends: they must send and write
   * nothing until the next heartbeat. @default only heartbeats expire
   */
  onDoubt?(listener: () => void): () => void;
  /** Shares a server's pause with every process on this store. @default each process keeps its own pauses */
  pauseServer?(pause: ServerPause): Promise<void>;
  /** Calls the listener with the current pauses, soon after a new one and with each heartbeat. */
  onPause?(listener: (pauses: readonly ServerPause[]) => void): () => void;
  /**
   * The same records with this person's rights: a database that knows people refuses writes to others' records.
   * Closed with this store. @default no check
   */
  actingFor?(person: Person): TaskStore;
  /** Deletes the record; sends nothing to the server. */
  remove(id: string): Promise<boolean>;
  /** Deletes settled records last updated before the instant, and frees their space; returns their number. */
  prune(before: number): Promise<number>;
  /** Closes files and connections, and removes the owners that it registered. The store is unusable afterwards. */
  close(): Promise<void>;
}
