import type { Clock } from '../clock.ts';
import type { Claim } from '../store/task-store.ts';
import type { Follower } from '../worker/followed-task.ts';
import { spreadPolls } from '../worker/spread-polls.ts';
import type { StoreWorker } from '../worker/store-worker-api.ts';
import { until } from '../worker/until.ts';
import { connectionKeyOf, tryServer } from './connection-key.ts';
import type { DrivenServer } from './driven-server.ts';
import { OpenServers, type OpenServersOptions } from './open-servers.ts';
import { UnreachableServers } from './unreachable-servers.ts';

/** Gives a task back after this time if its server cannot be opened here, and no other worker would claim it. */
const REFUSED_MS = 30_000;

/** One driven task and its server. */
interface Driven {
  readonly server: DrivenServer;
  readonly follower: Follower;
}

/** The servers whose tasks a worker drives. */
export interface DrivenServers {
  /** How many tasks are driven, or wait for their server's connection. */
  readonly held: number;
  /** The servers that cannot be reached from here, by fingerprint. */
  readonly unreachable: readonly string[];
  all(): readonly Driven[];
  drive(claims: readonly Claim[]): void;
  /** Gives this many tasks back, those with the latest next poll first. */
  giveBack(count: number): void;
  /** Checks tasks that lost their lease, or wait for a sign-in that may have happened. */
  checkTasks(): void;
  /** Gives back all tasks, those with a request in flight after it ended or the signal aborted. */
  drain(signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

export interface DrivenServersOptions extends OpenServersOptions {
  readonly worker: Pick<StoreWorker, 'giveBack' | 'isAlone'>;
  /** Called when a task begins to be driven. */
  begun(follower: Follower, server: DrivenServer): void;
}

export function createDrivenServers(options: DrivenServersOptions): DrivenServers {
  return new TasksByServer(options);
}

class TasksByServer implements DrivenServers {
  readonly #clock: Clock;
  readonly #options: DrivenServersOptions;
  readonly #unreachable: UnreachableServers;
  readonly #servers: OpenServers;
  /** Tasks seen without a lease once: the second time they are dropped. */
  #lapsed: ReadonlySet<Follower> = new Set();
  /** How many claimed tasks wait for their server's connection. */
  #waiting = 0;

  constructor(options: DrivenServersOptions) {
    this.#clock = options.clock;
    this.#options = options;
    this.#unreachable = new UnreachableServers(options.clock, (record) => tryServer(record, options.connect));
    this.#servers = new OpenServers(options, this.#unreachable);
  }

  get held(): number {
    return this.#waiting + this.#servers.tasks;
  }

  get unreachable(): readonly string[] {
    return this.#unreachable.all;
  }

  all(): readonly Driven[] {
    return this.#servers
      .all()
      .flatMap((server) => [...server.followers.values()].map((follower) => ({ server, follower })));
  }

  drive(claims: readonly Claim[]): void {
    const spread = spreadPolls(claims, this.#clock.now());
    for (const group of groupedByConnection(spread)) void this.#driveGroup(group);
  }

  giveBack(count: number): void {
    const dueAt = ({ follower }: Driven): number => follower.record.nextPollAt ?? 0;
    const byDue = [...this.all()].sort((a, b) => dueAt(b) - dueAt(a));
    for (const { server, follower } of byDue.slice(0, count)) void server.leave(follower);
  }

  checkTasks(): void {
    const seen = new Set<Follower>();
    for (const { server, follower } of this.all()) {
      if (follower.blocked?.status === 'auth_required') void follower.dispatch({ type: 'resumed' });
      if (follower.leading) continue;
      if (this.#lapsed.has(follower)) void server.leave(follower);
      else seen.add(follower);
    }
    this.#lapsed = seen;
  }

  async drain(signal: AbortSignal): Promise<void> {
    await Promise.all(this.all().map((driven) => this.#leaveAtRest(driven, signal)));
  }

  close(): Promise<void> {
    this.#unreachable.stop();
    return this.#servers.close();
  }

  async #driveGroup(claims: readonly [Claim, ...Claim[]]): Promise<void> {
    this.#waiting += claims.length;
    try {
      const server = await this.#servers.of(claims[0].record);
      for (const claim of claims) {
        server.drive(claim);
        const follower = server.followers.get(claim.record.id);
        if (follower !== undefined) this.#options.begun(follower, server);
      }
    } catch {
      // Another worker may reach the server, now or later.
      if (!this.#options.worker.isAlone) this.#unreachable.note(claims[0].record);
      else await new Promise<void>((resolve) => void this.#clock.schedule(REFUSED_MS, resolve));
      for (const { lease } of claims) void this.#options.worker.giveBack(lease);
    } finally {
      this.#waiting -= claims.length;
    }
  }

  async #leaveAtRest({ server, follower }: Driven, signal: AbortSignal): Promise<void> {
    const isBusy = (): boolean => {
      const { leading, record } = follower;
      return leading && record.phase !== 'settled' && (record.nextPollAt ?? 0) <= this.#clock.now();
    };
    const onChange: Follower['onChange'] = (listener) => follower.onPoll(listener);
    await until({ onChange }, () => (isBusy() ? undefined : true), signal);
    await server.leave(follower);
  }
}

/** Never an empty group. */
function groupedByConnection(claims: readonly Claim[]): readonly (readonly [Claim, ...Claim[]])[] {
  const groups = new Map<string, [Claim, ...Claim[]]>();
  for (const claim of claims) {
    const key = connectionKeyOf(claim.record);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [claim]);
    else group.push(claim);
  }
  return [...groups.values()];
}
