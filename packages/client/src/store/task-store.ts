import type { Person } from '../task/audience.ts';
import type { TaskRecord } from '../task/record.ts';

/** Proof that one owner may poll, ask and answer for a task. A write under a stale fence writes nothing. */
export interface Lease {
  /** Of the record. */
  readonly id: string;
  /** Who holds it. */
  readonly owner: string;
  /** Grows with every change of owner. */
  readonly fence: number;
  /** The record lives in the memory of this process alone, since its disk failed: this lease needs no heartbeat. */
  readonly unsaved?: true | undefined;
}

/** What a heartbeat gives its owner. */
export interface Tenure {
  /** Whose heartbeat it was. */
  readonly owner: string;
  /** How long after the heartbeat began other owners leave its tasks alone, in ms. */
  readonly lifetimeMs: number;
  /** How many of the open tasks are this owner's part, when all living owners that claim take as many. */
  readonly share: number;
  /** How many tasks are open in the store, whoever holds them. @default not told */
  readonly open?: number | undefined;
}

/** A task handed to an owner, with the record as it stood then. */
export interface Claim {
  /** As it was when it was claimed. */
  readonly record: TaskRecord;
  /** To be named with every write. */
  readonly lease: Lease;
}

/** Which tasks to claim. */
export interface ClaimRequest {
  /** Who claims. An owner that was taken for dead gets nothing until `renew` has told it so. */
  readonly owner: string;
  /** At most so many. */
  readonly limit: number;
  /** Only those of these servers. @default any */
  readonly fingerprints?: readonly string[] | undefined;
  /** True: settled records whose end is owed to somebody (`deliveredAt` is null), instead of open ones. @default false */
  readonly undelivered?: boolean | undefined;
  /** Only these records; then what this owner holds already is handed out again, under the same fence. @default any */
  readonly ids?: readonly string[] | undefined;
}

/** One owner that lives. */
export interface OwnerState {
  /** Its name. */
  readonly owner: string;
  /** When it last renewed, in ms since the epoch by the store's clock. */
  readonly renewedAt: number;
  /** How many tasks it holds. */
  readonly tasks: number;
}

/** A server that wants no requests for a while, as it told one of the processes on this store. */
export interface ServerPause {
  /** Of the server. */
  readonly fingerprint: string;
  /** How long from now, in ms. */
  readonly forMs: number;
}

/** The next record made of the newest one; the same one for no change. Has no effect but its result: it may run more than once. */
export type Change = (record: TaskRecord) => TaskRecord;

/** One write of a batch. */
export interface Step {
  /** Of the record. */
  readonly id: string;
  /** What to write. */
  readonly change: Change;
  /** Under which lease. */
  readonly lease: Lease;
}

/** Of which writes to hear: of those to tasks of one owner that it did not make itself, or of all. */
export type Interest = { readonly owner: string } | { readonly all: true };

/** Mail that is no write. `look`: somebody wants to know now how the task stands at its server. */
export interface TaskMail {
  /** What is wanted. */
  readonly kind: 'look';
  /** Of the record. */
  readonly id: string;
}

/** Which records to list. */
export interface RecordFilter {
  /** Only records that are not settled. */
  readonly open?: boolean;
  /** Only open ones on which the server asks something. */
  readonly asking?: boolean;
  /** Only settled ones whose end is owed to somebody: `deliveredAt` is null. */
  readonly undelivered?: boolean;
  /** Only those of this server. */
  readonly fingerprint?: string;
  /** Only those with this key. */
  readonly key?: string;
  /** Only those with all of these labels. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Only those that changed at this instant or later, in ms since the epoch. */
  readonly since?: number;
}

/** Which part of a list. */
export interface PageRequest {
  /** At most so many. @default all */
  readonly limit?: number;
  /** The `next` of the page before. @default from the beginning */
  readonly after?: string | undefined;
}

/** A record that this version cannot read. It is left as it is. */
export interface SkippedRecord {
  /** Its local id. */
  readonly id: string;
  /** Why, in words. */
  readonly reason: string;
}

/** Records found, and those that are there and cannot be read. */
export interface Found {
  /** The records. */
  readonly records: readonly TaskRecord[];
  /** Those of a newer version, of an unknown kind, or damaged. */
  readonly skipped: readonly SkippedRecord[];
}

/** A part of a list. */
export interface RecordPage extends Found {
  /** Where the next page begins; absent on the last one. */
  readonly next?: string | undefined;
}

/**
 * Where records live. Speaks of owners and leases, not of files, so that a database of a fleet fits behind it.
 *
 * An owner lives while its last heartbeat (`renew`) is younger than its lifetime by the store's clock; where a store can
 * tell at once that an owner has died, it does. A task is leased by naming the owner and a fence.
 *
 * Every method may throw a {@link TaskError} `store-unwritable`, `store-corrupt` or `store-too-new`. The last two also
 * name a single record that cannot be read.
 */
export interface TaskStore {
  /** A new owner of leases, by which this store can tell later that its process has died. @default a random id, that never dies */
  newOwner?(): string;
  /**
   * Durable before it resolves. With `owner`, and while that one lives, it is leased to it from the first moment; `claim`
   * by id hands it the lease. A call that is being made is then never taken for one that was abandoned.
   * @throws {TaskError} `ambiguous-id` when the local id exists already, or an open record of the same (fingerprint,
   * revision, account, taskId); a settled one gives its name up, since servers give ids again. `key-conflict` when an open
   * record of the same (fingerprint, account) has its key
   */
  create(record: TaskRecord, owner?: string): Promise<void>;
  /** By local id. */
  read(id: string): Promise<TaskRecord | undefined>;
  /** Records whose local id or task id begins with this; an exact match of either wins alone. */
  find(prefix: string): Promise<Found>;
  /** Open ones first, then the newest first; all of them, or a page at a time. */
  list(filter?: RecordFilter, page?: PageRequest): Promise<RecordPage>;
  /**
   * One atomic read-change-write. `change` gets the newest record and returns the next one, or the same one for no
   * change. With `lease` it writes only while that lease is held: `undefined` means the lease was lost, nothing written.
   * Also `undefined` when the record does not exist. What must outlive a loss of power (an answer, a wish to cancel, a
   * task id, an end) is durable before it resolves. Without a lease, the task's owner hears of it as mail.
   * A record that gets its task id here ends an older open one of that name, since servers give ids again.
   */
  update(id: string, change: Change, lease?: Lease): Promise<TaskRecord | undefined>;
  /**
   * Many tasks in one round trip, in the order of the steps; `undefined` where the lease was lost or the record is gone.
   * When a change throws, or a record takes a name that another open one has, nothing of the batch is written.
   */
  updateMany(steps: readonly Step[]): Promise<readonly (TaskRecord | undefined)[]>;
  /**
   * The heartbeat of an owner: keeps all that it holds. The first one makes it known, and frees what an earlier life of
   * the same name held. `undefined`: it was taken for dead and holds nothing any more; the next heartbeat begins anew.
   */
  renew(owner: string): Promise<Tenure | undefined>;
  /**
   * Hands out open tasks that no living owner holds, due first; calls whose answer was lost only by name. Each goes to one owner, under a higher fence than before.
   * The first claim of an owner is its first heartbeat.
   */
  claim(request: ClaimRequest): Promise<readonly Claim[]>;
  /** Gives tasks back; a lease that is not held any more is left alone. */
  release(leases: readonly Lease[]): Promise<void>;
  /** Gives back all that this owner holds, and its heartbeat with it. */
  leave(owner: string): Promise<void>;
  /** The owners that live. */
  owners(): Promise<readonly OwnerState[]>;
  /** Which living owner holds this task, if any. */
  ownerOf(id: string): Promise<string | undefined>;
  /**
   * Calls the listener, a few times a second at most, with the ids of records that were written, removed or (where all
   * are of interest) released; `undefined`: look at all, since there were too many to name, or the store could not be
   * looked at for a while. `looks`: the tasks for which this owner got mail of the kind `look`. Call what it returns to
   * end it.
   */
  onMail(
    interest: Interest,
    listener: (ids: readonly string[] | undefined, looks?: readonly string[]) => void,
  ): () => void;
  /**
   * Sends mail to the owner that holds the task; false: no living owner does. @default owners get no mail but that of
   * writes
   */
  post?(mail: TaskMail): Promise<boolean>;
  /**
   * Calls the listener when others may take the owners of this store for dead earlier than their heartbeats say: they
   * send and write nothing more until they have renewed. @default their heartbeats alone say it
   */
  onDoubt?(listener: () => void): () => void;
  /** Tells every process on this store that a server wants no requests for so long. @default each keeps its own pauses */
  pauseServer?(pause: ServerPause): Promise<void>;
  /** Calls the listener with the pauses that last, soon after one was told and with each heartbeat. */
  onPause?(listener: (pauses: readonly ServerPause[]) => void): () => void;
  /**
   * The same records, read and written as this person: a database that knows people refuses what is not theirs to write.
   * Closed with this store. @default everybody reads and writes everything
   */
  actingFor?(person: Person): TaskStore;
  /** Deletes our record; the server hears nothing. */
  remove(id: string): Promise<boolean>;
  /** Deletes settled records last updated before the instant, and gives their space back; tells how many. */
  prune(before: number): Promise<number>;
  /** Lets go of files and connections, and of the owners that it made known. Nothing may be asked of it afterwards. */
  close(): Promise<void>;
}
