import type { Clock } from '../clock.ts';
import type { Claim, ClaimRequest, Lease, TaskStore } from '../store/task-store.ts';
import type { TaskRecord } from '../task/record.ts';
import { createClaims } from './claims.ts';
import { createRounds } from './leases.ts';
import { createMembers } from './members.ts';
import type { ClaimNamed } from './named-claims.ts';
import { createOwnership } from './ownership.ts';
import { createRecordMail } from './record-mail.ts';
import { schedulerOf } from './scheduler.ts';
import type { Member } from './store-member.ts';
import { createWriteBatch, type Write } from './write-batch.ts';

/** The interval of checks for a sleep of the machine. */
const CATCH_UP_MS = 500;
/** The interval of claims for leases that another worker holds, all in one request. */
const CLAIM_MS = 1_000;

/** Claims tasks of any id, beside the members that name theirs. */
export interface Resident {
  /** A heartbeat succeeded: the share may have changed. */
  renewed(): void;
  /** Leases were given back. */
  released(): void;
}

/** One owner on one store: its heartbeat, leases, writes and mail. Clients with the same owner name share it. */
export interface StoreWorker {
  readonly owner: string;
  /** The reason why the store takes no heartbeat; undefined while it does. */
  readonly trouble: string | undefined;
  /** Whether requests and writes are allowed under this lease. */
  isCertain(lease: Lease): boolean;
  /** Starts the heartbeat. Resolves after the store's first response, or its first failure. */
  ready(): Promise<void>;
  /**
   * Claims the lease now. Resolves when the store has responded; `lead` was called before that, or the lease is not
   * free.
   */
  claim(member: Member): Promise<void>;
  /** Call this after each change of the member's need. */
  sort(member: Member): void;
  /** See `WriteBatch.write`. */
  write(write: Write): Promise<TaskRecord | undefined>;
  /** Drops the writes of this task that a failing store has not taken. */
  abandon(id: string): void;
  giveBack(lease: Lease): Promise<void>;
  /** This owner's share of the open tasks; 0 while its ownership is in doubt. */
  readonly share: number;
  /** Keeps the heartbeat running, with or without leases. The returned function ends that. */
  stay(resident: Resident): () => void;
  /** Claims tasks that no living owner holds. Those that a member waits for are handed to it and left out. */
  claimFree(request: Omit<ClaimRequest, 'owner' | 'ids'>): Promise<readonly Claim[]>;
  readonly claimNamed: ClaimNamed;
  /** Renews soon, to update the share. */
  refresh(): void;
  /** Ends the heartbeat and the owner, unless members are left. */
  leave(): Promise<void>;
}

export function createStoreWorker(store: TaskStore, clock: Clock, owner: string): StoreWorker {
  const members = createMembers();
  const { waiting, reading } = members;
  const residents = new Set<Resident>();
  const scheduler = schedulerOf(clock);
  let trouble: string | undefined;
  /** The ownership was in doubt or lost: its leases are claimed again as soon as it is certain. */
  let isInterrupted = false;

  const ownership = createOwnership(store, clock, owner, {
    renewed() {
      for (const member of members.leaders()) member.review();
      if (isInterrupted) void resume();
      isInterrupted = false;
      claims.retry();
      for (const resident of residents) resident.renewed();
    },
    doubted: interrupt,
    lost() {
      claims.beginLife();
      interrupt();
    },
    troubled(reason) {
      if (reason === trouble) return;
      trouble = reason;
      for (const member of members.all()) member.troubled();
    },
  });
  const isCertain = (lease?: Lease): boolean => lease?.unsaved === true || ownership.isCertain();
  const batch = createWriteBatch(store, clock, ({ lease }) => isCertain(lease));
  const claims = createClaims({
    store,
    owner,
    members,
    begin: ownership.begin,
    keep: () => stay({ renewed: () => undefined, released: () => undefined }),
    isCertain,
    onTrouble: reportTrouble,
  });
  const rounds = createRounds(clock, CLAIM_MS, () => void claims.claimWaiting());
  const looks = createRounds(clock, CATCH_UP_MS, () => {
    ownership.isCertain();
    scheduler.catchUp();
  });
  const mail = createRecordMail(store, owner, {
    led: members.leaderOf,
    readers: members.readersOf,
    allReaders: () => [...waiting, ...reading],
    allLed: members.leaders,
  });

  function interrupt(): void {
    isInterrupted = true;
    for (const member of members.leaders()) member.lapse();
    batch.abandon(({ lease }) => lease.unsaved !== true);
  }

  /** A failed claim reports the error that the next heartbeat would report, if it lasts. */
  function reportTrouble(error: unknown): void {
    if (ownership.isCertain()) return;
    trouble = error instanceof Error ? error.message : String(error);
    for (const member of waiting) member.troubled();
  }

  /** Changes by other workers since arrived as no mail: only the mail of a lease holder was subscribed. */
  async function resume(): Promise<void> {
    await claims.claimWaiting();
    for (const member of [...waiting, ...reading]) member.reread();
  }

  /** Heartbeat, rounds and mail run only while needed. */
  function adjust(): void {
    if (waiting.size > 0) rounds.start();
    else rounds.stop();
    if (!members.isEmpty || residents.size > 0) looks.start();
    else looks.stop();
    // Subscribe before the first claim: no write after it may be missed.
    const isActive = members.isDriving || residents.size > 0;
    mail.listen({ owner: isActive, all: waiting.size + reading.size > 0 });
    if (!isActive) ownership.rest();
  }

  function stay(resident: Resident): () => void {
    residents.add(resident);
    adjust();
    void ownership.begin();
    return () => {
      residents.delete(resident);
      adjust();
    };
  }

  return {
    owner,
    get trouble() {
      return trouble;
    },
    isCertain,
    ready: ownership.begin,
    claim: (member) => claims.claim(member.id).then(adjust),
    sort(member) {
      members.sort(member);
      if (member.need === 'leads') mail.led(member);
      adjust();
    },
    write: batch.write,
    abandon: (id) => batch.abandon((write) => write.id === id),
    async giveBack(lease) {
      await claims.giveBack(lease);
      for (const resident of residents) resident.released();
    },
    get share() {
      return ownership.isCertain() ? ownership.share : 0;
    },
    stay,
    claimNamed: claims.claimNamed,
    claimFree: claims.claimFree,
    refresh: ownership.refresh,
    async leave() {
      if (!members.isEmpty || residents.size > 0) return;
      ownership.rest();
      await store.leave(owner).catch(() => undefined);
    },
  };
}

const workers = new WeakMap<TaskStore, Map<string, StoreWorker>>();

/** One worker for all clients of a process with the same owner name on the same store. */
export function storeWorkerOf(store: TaskStore, clock: Clock, owner: string): StoreWorker {
  const ofStore = workers.get(store) ?? new Map<string, StoreWorker>();
  workers.set(store, ofStore);
  const known = ofStore.get(owner) ?? createStoreWorker(store, clock, owner);
  ofStore.set(owner, known);
  return known;
}
