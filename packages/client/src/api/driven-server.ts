import type { Clock } from '../clock.ts';
import type { Connection } from '../connect/connection.ts';
import type { Relay } from '../connect/relay-api.ts';
import { dialectOf } from '../protocol/select.ts';
import type { Claim } from '../store/task-store.ts';
import type { TaskRecord } from '../task/record.ts';
import type { ClientContext } from '../worker/client-context.ts';
import type { Follower } from '../worker/followed-task.ts';
import { createFollower } from '../worker/follower.ts';
import { loadProtocol } from '../worker/load-protocol.ts';
import { perform } from '../worker/perform.ts';
import { createPush } from '../worker/push.ts';
import { createTaskRegistry } from '../worker/streams/task-registry.ts';
import { withTrace } from '../worker/trace.ts';
import { servedUnder } from './connection-key.ts';
import { createContext } from './create-context.ts';
import { createHostAnswers } from './host-answers.ts';
import { giveBackWhenLost } from './lost-connection.ts';
import { readQuestion } from './question.ts';
import { listenToServer } from './server-notices.ts';
import type { StoredOptions } from './stored-options.ts';
import type { TaskWorkerOptions } from './task-worker-api.ts';

/** The tasks of one server that a worker drives, over one connection that opens on demand. */
export interface DrivenServer {
  readonly around: ClientContext;
  readonly followers: ReadonlyMap<string, Follower>;
  drive(claim: Claim): void;
  /** Stops driving the task; resolves when the lease is given back. */
  leave(follower: Follower): Promise<void>;
  close(): Promise<void>;
}

export interface DrivenServerOptions {
  readonly connect: TaskWorkerOptions['connect'];
  readonly client: Omit<StoredOptions, 'connection' | 'connect'>;
  readonly clock: Clock;
  /** The record of a driven task changed. */
  changed(before: TaskRecord, follower: Follower, server: DrivenServer): void;
  /** The server is unreachable from here: one of its tasks is left to other workers. */
  stoodBack(server: DrivenServer): void;
  /** A task is no longer driven here. */
  dropped(server: DrivenServer): void;
}

export async function openDrivenServer(record: TaskRecord, options: DrivenServerOptions): Promise<DrivenServer> {
  await loadProtocol(record);
  const connection = await relayTo(record, options.connect);
  // The connection brings the dialect of a protocol that is not loaded yet.
  if (dialectOf(record) === undefined || record.protocol !== undefined) await connection.ready();
  return createDrivenServer(connection, options);
}

async function relayTo(record: TaskRecord, connect: TaskWorkerOptions['connect']): Promise<Relay> {
  const { createRelay } = await import('../connect/relay.ts');
  const { server } = record;
  const under = servedUnder(record);
  const expected = under && { ...under, server: { name: server.label, version: '' }, capabilities: {} };
  return createRelay({ identity: server, expected, open: (last) => connect(server, last ?? under) });
}

function createDrivenServer(connection: Relay, options: DrivenServerOptions): DrivenServer {
  const { client, clock } = options;
  const around = createContext(connection, client, clock);
  const context: ClientContext = {
    ...around,
    owesEnds: true,
    // Without another worker, no process would claim the tasks.
    standsBack: () => around.standsBack() && !around.worker.isAlone,
  };
  const followers = new Map<string, Follower>();
  const push = createPush(connection, clock, context.dialect);
  const askHost = createHostAnswers(connection as Connection, (follower, key) => readQuestion(follower, context, key));
  const unlisten = listenToServer(connection, context.dialect, followers, () => undefined);
  const endWatch = giveBackWhenLost(context, followers);
  context.questions.join(createTaskRegistry(followers, context));

  /** The shared context, with the current trace context on requests. */
  function tracedContext(): ClientContext {
    return client.trace === undefined
      ? context
      : { ...context, connection: withTrace(context.connection, client.trace) };
  }

  function drop(follower: Follower): void {
    const { id, taskId } = follower.record;
    if (followers.get(id) !== follower) return;
    followers.delete(id);
    if (taskId !== null) push.delete(taskId);
    options.dropped(server);
  }

  function listen(follower: Follower): void {
    const { taskId, phase, status } = follower.record;
    if (taskId === null) return;
    context.questions.markKnown(taskId);
    const isPushed = follower.dialect.traits.pushWhileAsked || status !== 'input_required';
    if (follower.leading && phase === 'open' && isPushed) push.add(taskId);
    else push.delete(taskId);
  }

  function watch(follower: Follower): void {
    let { known } = follower;
    follower.onChange(() => {
      const { known: record, need } = follower;
      const before = known;
      known = record;
      if (record !== before) options.changed(before, follower, server);
      listen(follower);
      askHost(follower);
      if (follower.standsBack) {
        options.stoodBack(server);
        return void leave(follower);
      }
      // The task ended, its call was lost, its record was deleted, or the store refuses it: nothing is left to drive.
      if (record.phase === 'settled' || need === 'reads' || need === 'rests') drop(follower);
    });
  }

  async function leave(follower: Follower): Promise<void> {
    drop(follower);
    await follower.stop();
  }

  const server: DrivenServer = {
    around: context,
    followers,
    leave,
    drive(claim) {
      const { record } = claim;
      const former = followers.get(record.id);
      if (former !== undefined) void leave(former);
      const follower = createFollower(record, tracedContext(), perform, { dialect: context.dialectFor(record) });
      followers.set(record.id, follower);
      watch(follower);
      void follower.resume(claim).then(() => listen(follower));
    },
    async close() {
      unlisten();
      endWatch();
      push.stop();
      await Promise.all([...followers.values()].map(leave));
      await connection.close({ keepSession: true });
    },
  };
  return server;
}
