import type { Clock } from '../clock.ts';
import type { Claim, ClaimRequest, Lease, TaskStore } from '../store/task-store.ts';
import type { TaskRecord } from '../task/record.ts';
import { type Claims, createClaims } from './claims.ts';
import { createMembers } from './members.ts';
import type { ClaimNamed } from './named-claims.ts';
import { createOwnership, type Ownership } from './ownership.ts';
import { createReviews, type Reviews, type ReviewTime } from './reviews.ts';
import type { Member } from './store-member.ts';
import type { Resident, StoreWorker } from './store-worker-api.ts';
import { createTurns } from './turns.ts';
import { createWorkerRoutine, type WorkerRoutine } from './worker-routine.ts';
import { createWriteBatch, type Write, type WriteBatch } from './write-batch.ts';

const REVIEWS_PER_TURN = 200;
const KEEPS_RUNNING: Resident = { renewed: () => undefined, released: () => undefined };

class OwnerAtWork implements StoreWorker {
  readonly owner: string;
  readonly claimNamed: ClaimNamed;
  readonly #store: TaskStore;
  readonly #members = createMembers();
  readonly #residents = new Set<Resident>();
  readonly #ownership: Ownership;
  readonly #batch: WriteBatch;
  readonly #claims: Claims;
  readonly #routine: WorkerRoutine;
  readonly #reviews: Reviews;
  readonly #turns = createTurns(REVIEWS_PER_TURN);
  #trouble: string | undefined;
  /** The ownership was in doubt or lost: its leases are claimed again as soon as it is certain. */
  #isInterrupted = false;

  constructor(store: TaskStore, clock: Clock, owner: string) {
    this.owner = owner;
    this.#store = store;
    this.#reviews = createReviews(clock);
    this.#ownership = createOwnership(store, clock, owner, {
      renewed: () => this.#renewed(),
      doubted: () => this.#interrupt(),
      lost: () => this.#lost(),
      troubled: (reason) => this.#troubled(reason),
    });
    this.#batch = createWriteBatch(store, clock, ({ lease }) => this.isCertain(lease));
    this.#claims = createClaims({
      store,
      owner,
      members: this.#members,
      begin: () => this.#ownership.begin(),
      keep: () => this.stay(KEEPS_RUNNING),
      isCertain: (lease) => this.isCertain(lease),
      onTrouble: (error) => this.#claimFailed(error),
    });
    this.claimNamed = this.#claims.claimNamed;
    this.#routine = createWorkerRoutine({
      store,
      clock,
      owner,
      members: this.#members,
      claimWaiting: () => void this.#claims.claimWaiting(),
      checkHeartbeat: () => void this.#ownership.isCertain(),
    });
  }

  get trouble(): string | undefined {
    return this.#trouble;
  }

  get share(): number {
    return this.#ownership.isCertain() ? this.#ownership.share : 0;
  }

  get isAlone(): boolean {
    return this.#ownership.isAlone;
  }

  isCertain(lease?: Lease): boolean {
    return lease?.unsaved === true || this.#ownership.isCertain();
  }

  ready(): Promise<void> {
    return this.#ownership.begin();
  }

  async claim({ id }: Member): Promise<void> {
    await this.#claims.claim(id);
    this.#adjust();
  }

  sort(member: Member): void {
    this.#members.sort(member);
    if (member.need === 'leads') this.#routine.led(member);
    this.#adjust();
  }

  write(write: Write): Promise<TaskRecord | undefined> {
    return this.#batch.write(write);
  }

  abandon(id: string): void {
    this.#batch.abandon((write) => write.id === id);
  }

  reviewAt(member: Member, time: ReviewTime): void {
    this.#reviews.plan(member, time);
  }

  async giveBack(lease: Lease): Promise<void> {
    await this.#claims.giveBack(lease);
    for (const resident of this.#residents) resident.released();
  }

  stay(resident: Resident): () => void {
    this.#residents.add(resident);
    this.#adjust();
    void this.#ownership.begin();
    return () => {
      this.#residents.delete(resident);
      this.#adjust();
    };
  }

  claimFree(request: Omit<ClaimRequest, 'owner' | 'ids'>): Promise<readonly Claim[]> {
    return this.#claims.claimFree(request);
  }

  refresh(): void {
    this.#ownership.refresh();
  }

  async leave(): Promise<void> {
    if (!this.#members.isEmpty || this.#residents.size > 0) return;
    this.#ownership.rest();
    await this.#store.leave(this.owner).catch(() => undefined);
  }

  #renewed(): void {
    // Some connections do not report that they have ended.
    for (const member of this.#members.leaders()) if (member.isConnectionEnded) member.review();
    void this.#review(this.#reviews.takeDue());
    if (this.#isInterrupted) void this.#resume();
    this.#isInterrupted = false;
    this.#claims.retry();
    for (const resident of this.#residents) resident.renewed();
  }

  /** In turns: thousands of tasks resumed together are due for review together. */
  async #review(due: readonly Member[]): Promise<void> {
    for (const member of due) {
      const turn = this.#turns.take();
      if (turn !== undefined) await turn;
      member.review();
    }
  }

  #lost(): void {
    this.#claims.beginLife();
    this.#interrupt();
  }

  #interrupt(): void {
    this.#isInterrupted = true;
    for (const member of this.#members.leaders()) member.lapse();
    this.#batch.abandon(({ lease }) => lease.unsaved !== true);
  }

  /** While in doubt, changes by other workers brought no mail here: claim and read again. */
  async #resume(): Promise<void> {
    await this.#claims.claimWaiting();
    for (const member of [...this.#members.waiting, ...this.#members.reading]) member.reread();
  }

  #troubled(reason: string | undefined): void {
    if (reason === this.#trouble) return;
    this.#trouble = reason;
    for (const member of this.#members.all()) member.troubled();
  }

  /** Reports the error of a failed claim now: the next heartbeat would report the same. */
  #claimFailed(error: unknown): void {
    if (this.#ownership.isCertain()) return;
    this.#trouble = error instanceof Error ? error.message : String(error);
    for (const member of this.#members.waiting) member.troubled();
  }

  /** Heartbeat, rounds and mail run only while needed. */
  #adjust(): void {
    const isStaying = this.#residents.size > 0;
    this.#routine.adjust(isStaying);
    if (isStaying || this.#members.isDriving) return;
    this.#ownership.rest();
    this.#reviews.clear();
  }
}

const workers = new WeakMap<TaskStore, Map<string, StoreWorker>>();

/** One worker for all clients of a process with the same owner name on the same store. */
export function storeWorkerOf(store: TaskStore, clock: Clock, owner: string): StoreWorker {
  const ofStore = workers.get(store) ?? new Map<string, StoreWorker>();
  workers.set(store, ofStore);
  const known = ofStore.get(owner) ?? new OwnerAtWork(store, clock, owner);
  ofStore.set(owner, known);
  return known;
}
