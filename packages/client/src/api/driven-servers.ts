import type { Clock } from '../clock.ts';
import type { Claim } from '../store/task-store.ts';
import type { Follower } from '../worker/followed-task.ts';
import { spreadPolls } from '../worker/spread-polls.ts';
import type { StoreWorker } from '../worker/store-worker-api.ts';
import { until } from '../worker/until.ts';
import { type DrivenServer, type DrivenServerOptions, openDrivenServer, placeOf } from './driven-server.ts';

/** Gives a task back after this time if it cannot be driven here: another worker may succeed. */
const REFUSED_MS = 30_000;
/** Closes a connection without tasks after this time. */
const IDLE_MS = 60_000;

/** One driven task and its server. */
interface Driven {
  readonly server: DrivenServer;
  readonly follower: Follower;
}

/** The servers whose tasks a worker drives. */
export interface DrivenServers {
  /** How many tasks are driven, or wait for their server's connection. */
  readonly held: number;
  all(): readonly Driven[];
  take(claims: readonly Claim[]): void;
  /** Gives this many tasks back, those with the latest next poll first. */
  giveBack(count: number): void;
  /** Checks tasks that lost their lease, or wait for a sign-in that may have happened. */
  care(): void;
  /** Gives back all tasks, those with a request in flight after it ended or the signal aborted. */
  drain(signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

export interface DrivenServersOptions extends Omit<DrivenServerOptions, 'dropped' | 'clock'> {
  readonly clock: Clock;
  readonly worker: Pick<StoreWorker, 'giveBack'>;
  /** Called when a task begins to be driven. */
  begun(follower: Follower, server: DrivenServer): void;
}

export function createDrivenServers(options: DrivenServersOptions): DrivenServers {
  const { clock, worker, begun } = options;
  const opening = new Map<string, Promise<DrivenServer>>();
  const open = new Map<string, DrivenServer>();
  const idle = new Map<DrivenServer, () => void>();
  /** Tasks seen without a lease once: the second time they are dropped. */
  let lapsed = new Set<Follower>();
  let waiting = 0;

  function serverOf(place: string, { record }: Claim): Promise<DrivenServer> {
    const known = opening.get(place);
    if (known !== undefined) return known;
    const opened = openDrivenServer(record, { ...options, dropped: (server) => rest(place, server) });
    opening.set(place, opened);
    opened.then(
      (server) => open.set(place, server),
      () => opening.delete(place),
    );
    return opened;
  }

  function rest(place: string, server: DrivenServer): void {
    if (server.followers.size > 0 || idle.has(server)) return;
    const cancel = clock.schedule(IDLE_MS, () => {
      idle.delete(server);
      if (server.followers.size > 0) return;
      open.delete(place);
      opening.delete(place);
      void server.close();
    });
    idle.set(server, cancel);
  }

  async function drive(place: string, claims: readonly Claim[]): Promise<void> {
    waiting += claims.length;
    try {
      const [first] = claims;
      if (first === undefined) return;
      const server = await serverOf(place, first);
      for (const claim of claims) {
        server.drive(claim);
        const follower = server.followers.get(claim.record.id);
        if (follower !== undefined) begun(follower, server);
      }
    } catch {
      await new Promise<void>((resolve) => void clock.schedule(REFUSED_MS, resolve));
      for (const { lease } of claims) void worker.giveBack(lease);
    } finally {
      waiting -= claims.length;
    }
  }

  const all = (): readonly Driven[] =>
    [...open.values()].flatMap((server) => [...server.followers.values()].map((follower) => ({ server, follower })));

  function isBusy({ leading, record }: Follower): boolean {
    return leading && record.phase !== 'settled' && (record.nextPollAt ?? 0) <= clock.now();
  }

  async function leaveAtRest({ server, follower }: Driven, signal: AbortSignal): Promise<void> {
    await until(
      { onChange: (listener) => follower.onPoll(listener) },
      () => (isBusy(follower) ? undefined : true),
      signal,
    );
    await server.leave(follower);
  }

  return {
    get held() {
      let count = waiting;
      for (const server of open.values()) count += server.followers.size;
      return count;
    },
    all,
    take(claims) {
      const byPlace = new Map<string, Claim[]>();
      for (const claim of spreadPolls(claims, clock.now())) {
        const place = placeOf(claim.record);
        byPlace.set(place, [...(byPlace.get(place) ?? []), claim]);
      }
      for (const [place, part] of byPlace) void drive(place, part);
    },
    giveBack(count) {
      const byDue = [...all()].sort(
        (a, b) => (b.follower.record.nextPollAt ?? 0) - (a.follower.record.nextPollAt ?? 0),
      );
      for (const { server, follower } of byDue.slice(0, count)) void server.leave(follower);
    },
    care() {
      const seen = new Set<Follower>();
      for (const { server, follower } of all()) {
        if (follower.condition?.status === 'auth_required') void follower.dispatch({ type: 'taken-up' });
        if (follower.leading) continue;
        if (lapsed.has(follower)) void server.leave(follower);
        else seen.add(follower);
      }
      lapsed = seen;
    },
    async drain(signal) {
      await Promise.all(all().map((driven) => leaveAtRest(driven, signal)));
    },
    async close() {
      for (const cancel of idle.values()) cancel();
      await Promise.all(
        [...opening.values()].map((opened) => opened.then((server) => server.close()).catch(() => undefined)),
      );
    },
  };
}
