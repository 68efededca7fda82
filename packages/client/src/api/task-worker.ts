import { TaskError } from '../errors.ts';
import { openQuestions, type ServerIdentity, type TaskRecord } from '../task/record.ts';
import { updatesBetween } from '../task/updates.ts';
import { createClaimLoop } from '../worker/claim-loop.ts';
import { createDeliveries, type Deliveries } from '../worker/deliveries.ts';
import type { Follower } from '../worker/followed-task.ts';
import { createRounds } from '../worker/leases.ts';
import { createId } from '../worker/new-record.ts';
import { storeWorkerOf } from '../worker/store-worker.ts';
import { systemClock } from '../worker/system-clock.ts';
import type { TaskClient, TaskUpdate } from './client-api.ts';
import type { DrivenServer } from './driven-server.ts';
import { createDrivenServers } from './driven-servers.ts';
import { pruneSettled } from './prune-settled.ts';
import { withQuestion } from './question.ts';
import { createTaskClient } from './task-client.ts';
import type { TaskWorker, TaskWorkerOptions } from './task-worker-api.ts';
import { createWorkerEvents } from './worker-events.ts';

const MAX_TASKS = 10_000;
const STOP_MS = 10_000;
const CHECK_MS = 5_000;

/**
 * Drives the open tasks of a store: claims its share, polls, sends the answers and cancels that others saved, and
 * delivers outcomes. Closing the store is up to its creator.
 * @example
 * import { createTaskWorker } from '@mcp-tasks/client';
 * import { connect } from '@mcp-tasks/client/connect';
 *
 * await using worker = createTaskWorker({ store, connect: (server, under) => connect(server.target, under) });
 * for await (const event of worker.events()) {
 *   if (event.kind === 'settled') console.log(event.record.id, event.record.outcome?.status);
 * }
 */
export function createTaskWorker(options: TaskWorkerOptions): TaskWorker {
  const { store, clock = systemClock, connect, fingerprints, keepSettledMs, lead = true, ...rest } = options;
  const { maxTasks = MAX_TASKS, ...pace } = rest;
  const owner = options.owner ?? store.newOwner?.() ?? `worker:0:${createId(clock.random)}${createId(clock.random)}`;
  const client = { ...pace, store, clock, owner };
  const clients = new Set<TaskClient>();
  const worker = storeWorkerOf(store, clock, owner);
  const pruning = pruneSettled(store, clock, keepSettledMs);
  let stopping: Promise<void> | undefined;

  const servers = createDrivenServers({ connect, client, clock, worker, changed, begun });
  let deliveries: Deliveries | undefined;
  const events = createWorkerEvents({
    begin() {
      deliveries = createDeliveries({ worker, clock, fingerprints, deliver: events.deliver });
      deliveries.claimNow();
      return deliveries;
    },
    present: () => servers.all().flatMap(({ follower, server }) => questionsOf(follower, server)),
  });
  const claims = lead ? startLeading() : undefined;

  function startLeading(): { stop(): void } {
    const loop = createClaimLoop({
      worker,
      clock,
      maxTasks,
      fingerprints,
      except: () => servers.unreachable,
      held: () => servers.held,
      drive: (claimed) => servers.drive(claimed),
      giveBack: (count) => servers.giveBack(count),
    });
    const checks = createRounds(clock, CHECK_MS, () => servers.checkTasks());
    const leave = worker.stay({ renewed: loop.claimNow, released: () => deliveries?.claimNow() });
    checks.start();
    return {
      stop() {
        loop.stop();
        checks.stop();
        leave();
      },
    };
  }

  function questionsOf(follower: Follower, { around }: DrivenServer): readonly TaskUpdate[] {
    if (Object.keys(openQuestions(follower.record)).length === 0) return [];
    const present = updatesBetween(undefined, follower.record).filter(({ kind }) => kind === 'question');
    return present.map((change) => withQuestion(change, follower, around));
  }

  function begun(follower: Follower, server: DrivenServer): void {
    if (events.isReading) for (const update of questionsOf(follower, server)) events.publish(update);
  }

  /** Skips `settled`: ends are delivered from the store, once they are saved there. */
  function changed(before: TaskRecord, follower: Follower, { around }: DrivenServer): void {
    if (!events.isReading) return;
    for (const change of updatesBetween(before, follower.record)) {
      if (change.kind !== 'settled') events.publish(withQuestion(change, follower, around));
    }
  }

  async function stop(timeoutMs: number): Promise<void> {
    const late = new AbortController();
    const cancel = clock.schedule(timeoutMs, () => late.abort());
    const isLate = new Promise<void>((resolve) => late.signal.addEventListener('abort', () => resolve()));
    pruning.stop();
    claims?.stop();
    await Promise.race([isLate, Promise.all([events.end(), servers.drain(late.signal)])]);
    cancel();
    await deliveries?.stop();
    await servers.close();
    await Promise.all([...clients].map((each) => each.close()));
    await worker.leave();
  }

  return {
    owner,
    get held() {
      return servers.held;
    },
    events() {
      if (!lead) throw new TaskError('unsupported', 'A worker with `lead: false` has no events');
      return events.listen();
    },
    client(server: ServerIdentity) {
      const made = createTaskClient({ ...client, lead: false, connect: (last) => connect(server, last) });
      clients.add(made);
      return made;
    },
    stop({ timeoutMs = STOP_MS } = {}) {
      stopping ??= stop(timeoutMs);
      return stopping;
    },
    [Symbol.asyncDispose]() {
      return this.stop();
    },
  };
}
