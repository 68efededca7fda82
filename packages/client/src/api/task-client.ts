import type { Connection } from '../connect/connection.ts';
import { TaskError } from '../errors.ts';
import type { TaskRecord } from '../task/record.ts';
import type { ClientContext } from '../worker/client-context.ts';
import { createPush } from '../worker/push.ts';
import { createTaskRegistry } from '../worker/streams/task-registry.ts';
import { systemClock } from '../worker/system-clock.ts';
import { createToolSupport } from '../worker/tool-support.ts';
import { listTools } from '../worker/tools.ts';
import { withTrace } from '../worker/trace.ts';
import { createTurns } from '../worker/turns.ts';
import type { TaskClient, TaskClientOptions } from './client-api.ts';
import { clientOver } from './connecting-client.ts';
import { createContext } from './create-context.ts';
import { createEvents } from './events.ts';
import { findRecord } from './find-record.ts';
import { createFollowedTasks, refuseClosed } from './followed-tasks.ts';
import { whyForeign } from './foreign-record.ts';
import type { FollowedTask } from './handle-api.ts';
import { createHostAnswers } from './host-answers.ts';
import { createLazyHandle } from './lazy-handle.ts';
import { listRecords } from './list-records.ts';
import { giveBackWhenLost } from './lost-line.ts';
import { createMappedJobs } from './mapped-jobs.ts';
import { pruneSettled } from './prune-settled.ts';
import { readQuestion } from './question.ts';
import { runCall } from './run-call.ts';
import { listenToServer } from './server-notices.ts';
import { callsOf, createStart } from './start-call.ts';
import { storeInMemory } from './store-in-memory.ts';
import type { StoredOptions } from './stored-options.ts';
import { createTakeUp } from './take-up.ts';
import type { Unrecorded } from './unrecorded.ts';

/**
 * The tasks of one connected server. Only `close()` closes the connection; the store stays open.
 */
export function createTaskClient(options: TaskClientOptions): TaskClient {
  return clientOver({ ...options, store: options.store ?? storeInMemory() }, createClient);
}

/** The maximum of records claimed or looked up in one turn of the event loop. */
const LOOKS_PER_TURN = 200;

function createClient(connection: Connection, options: StoredOptions): TaskClient {
  const { store, clock = systemClock } = options;
  const around = createContext(connection, options, clock);
  const { dialect, worker } = around;
  const push = createPush(connection, clock, dialect);
  const support = createToolSupport(connection, dialect);
  const jobs = createMappedJobs(around, options.jobs);
  const askHost = createHostAnswers(connection, (follower, key) => readQuestion(follower, around, key));
  let closed = false;
  let unrecorded: Promise<Unrecorded> | undefined;

  /** Loaded on first use: most hosts record only their own calls. */
  function others(): Promise<Unrecorded> {
    unrecorded ??= import('./unrecorded.ts').then(({ createUnrecorded }) => createUnrecorded(around, jobs));
    return unrecorded;
  }

  const whyNot = (record: TaskRecord): string | undefined => whyForeign(record, around);
  const whyClosed = (): string | undefined => (closed ? 'this client was closed' : connection.ended?.message);

  /** The shared context, with requests in the trace that the host has now. */
  const surround = (): ClientContext => ({ ...around, connection: withTrace(connection, options.trace) });

  const followed = createFollowedTasks(around, {
    push,
    isCalling: (id) => callsOf(worker).has(id),
    refuse({ id, phase }) {
      if (closed || phase !== 'settled') refuseClosed(`Task ${id} was not taken up`, whyClosed());
    },
    changed(follower) {
      if (!around.observe) askHost(follower);
    },
    begun: (follower) => events.watch(follower),
  });
  const events = createEvents(followed.drop, around);
  around.questions.join(createTaskRegistry(followed.all, around));
  const pruning = pruneSettled(store, clock, options.keepSettledMs);
  const unlisten = listenToServer(connection, dialect, followed.all, () => {
    support.forget();
    jobs.forget();
  });
  const endWatch = around.standsBack ? giveBackWhenLost(connection, clock, followed.all) : undefined;

  const start = createStart({
    around,
    followed,
    support,
    jobs,
    surround,
    refuseClosed: (what) => refuseClosed(what, whyClosed()),
    refuseForeign(record) {
      const reason = whyNot(record);
      if (reason !== undefined) throw new TaskError('server-changed', reason, { hint: 'Its record is kept as it is.' });
    },
    forgetsPlain: options.record === 'tasks',
  });

  async function take(record: TaskRecord): Promise<FollowedTask> {
    return followed.handle(await followed.follow(record, surround()));
  }

  /** A host that resumes thousands of tasks can do other work in between. */
  const turns = createTurns(LOOKS_PER_TURN);
  async function find(id: string): Promise<TaskRecord> {
    await turns.take();
    return findRecord(store, id, whyNot);
  }

  const takeUp = createTakeUp({
    turns,
    around,
    followed,
    surround,
    isOurs: ({ record }) => whyClosed() === undefined && whyNot(record) === undefined,
  });
  async function open(id: string): Promise<FollowedTask | undefined> {
    const follower = whyClosed() === undefined ? await takeUp(id) : undefined;
    return follower && followed.handle(follower);
  }

  const source = { clock, claim: open, read: find, open: take };

  return {
    connection,
    listTools: async (listOptions = {}) =>
      jobs.withJobs(await listTools(surround().connection, dialect, listOptions.signal)),
    start,
    run: (request, runOptions = {}) => runCall(start, clock, request, runOptions),
    get: (id) => createLazyHandle(id, source),
    list: (filter = {}) => listRecords(store, connection, filter, whyNot),
    events: (filter = {}) => events.listen(followed.all.values(), filter),
    listUnrecorded: async () => (await others()).list(),
    async adopt(request) {
      refuseClosed(`Task ${request.taskId} was not taken up`, whyClosed());
      return take(await (await others()).adopt(request));
    },
    async follow(request) {
      refuseClosed(`Job ${request.id} was not followed`, whyClosed());
      return take(await (await others()).follow(request));
    },
    async reconnect() {
      throw new TaskError('unsupported', 'This client was given its connection, and opens no other', {
        hint: 'Give `connect` in place of `connection`.',
      });
    },
    async close() {
      closed = true;
      unlisten();
      endWatch?.();
      pruning.stop();
      events.end();
      push.stop();
      await followed.stopAll();
      await worker.leave();
      await connection.close({ keepSession: true });
    },
    [Symbol.asyncDispose]() {
      return this.close();
    },
  };
}
