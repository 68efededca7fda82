import type { TaskRecord } from '../task/record.ts';

/** Proof that one process may poll, ask and answer for a task. A stale fence writes nothing. */
export interface Lease {
  /** Of the record. */
  readonly id: string;
  /** Who holds it. */
  readonly owner: string;
  /** Grows with every change of owner. */
  readonly fence: number;
  /** In ms since the epoch; from then on it is free. */
  readonly expiresAt: number;
}

/** Which records to list. */
export interface RecordFilter {
  /** Only records that are not settled. */
  readonly open?: boolean;
  /** Only those of this server. */
  readonly fingerprint?: string;
}

/** What happened in a store after a point in time. */
export interface Changes {
  /** Hand this back to get what came after. */
  readonly sequence: number;
  /** Records that are new or other, each once and as it is now. */
  readonly changed: readonly TaskRecord[];
  /** Local ids of records that are gone. */
  readonly removed: readonly string[];
}

/**
 * Where records live. Speaks of leases and changes, not of files, so that a database of a fleet fits behind it.
 * Every method may throw a {@link TaskError} `store-unwritable`, `store-corrupt` or `store-too-new`.
 */
export interface TaskStore {
  /** A new owner of leases, by which this store can tell later that its process has died. @default a random id, that never dies */
  newOwner?(): string;
  /**
   * @throws {TaskError} `ambiguous-id` when the local id exists already, or an open record of the same (fingerprint,
   * revision, account, taskId); a settled one gives its name up, since servers give ids again
   */
  create(record: TaskRecord): Promise<void>;
  /** By local id. */
  read(id: string): Promise<TaskRecord | undefined>;
  /** Records whose local id or task id begins with this; an exact match of either wins alone. */
  find(prefix: string): Promise<readonly TaskRecord[]>;
  /** Open ones first, then the newest first. */
  list(filter?: RecordFilter): Promise<readonly TaskRecord[]>;
  /**
   * One atomic read-change-write. `change` gets the newest record and returns the next one, or the same one for no
   * change. With `lease` it writes only while that lease is held: `undefined` means the lease was lost, nothing written.
   * Also `undefined` when the record does not exist.
   */
  update(id: string, change: (record: TaskRecord) => TaskRecord, lease?: Lease): Promise<TaskRecord | undefined>;
  /**
   * Takes a free, expired or own lease, or one whose owner is known dead; `undefined` when another lives. Also renews.
   * One that still has more than ten times `durationMs` to run is of before the clock was set back, and free as well.
   */
  acquireLease(id: string, owner: string, now: number, durationMs: number): Promise<Lease | undefined>;
  /** Gives it back; one that is not held any more is left alone. */
  releaseLease(lease: Lease): Promise<void>;
  /** Who holds the task now, if anyone. */
  leaseOf(id: string): Promise<Lease | undefined>;
  /** What changed after `sequence` (0: everything), by any process. Cheap when nothing did. */
  changesSince(sequence: number): Promise<Changes>;
  /** Deletes our record; the server hears nothing. */
  remove(id: string): Promise<boolean>;
  /** Deletes settled records last updated before the instant; tells how many. */
  prune(before: number): Promise<number>;
  /** Lets go of files and connections. Nothing may be asked of it afterwards. */
  close(): Promise<void>;
}
