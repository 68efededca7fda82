import type { Connection } from '../connect/connection.ts';
import { TaskError } from '../errors.ts';
import type { TaskRecord } from '../task/record.ts';
import type { ClientContext } from '../worker/client-context.ts';
import { createFollower, type Follower } from '../worker/follower.ts';
import { loadProtocol } from '../worker/load-protocol.ts';
import { createRecord, draftRecord } from '../worker/new-record.ts';
import { firstCall, perform } from '../worker/perform.ts';
import { onProgressOf, progressToken } from '../worker/progress.ts';
import { createPush } from '../worker/push.ts';
import { createTaskRegistry } from '../worker/streams/task-registry.ts';
import { systemClock } from '../worker/system-clock.ts';
import { createToolSupport } from '../worker/tool-support.ts';
import { listTools } from '../worker/tools.ts';
import { withTrace } from '../worker/trace.ts';
import { until } from '../worker/until.ts';
import { resultOfCall } from './call-answer.ts';
import type { CallToolAnswer, CallToolOptions, CallToolRequest } from './call-api.ts';
import type { TaskClient, TaskClientOptions, TaskHandle } from './client-api.ts';
import { callToCompletion } from './completion.ts';
import { clientOver } from './connecting-client.ts';
import { createContext } from './create-context.ts';
import { createEvents } from './events.ts';
import { findRecord } from './find-record.ts';
import { whyForeign } from './foreign-record.ts';
import { createHostAnswers } from './host-answers.ts';
import { createMappedJobs } from './mapped-jobs.ts';
import { pruneSettled } from './prune-settled.ts';
import { readQuestion } from './question.ts';
import { listenToServer } from './server-notices.ts';
import { createTaskHandle } from './task-handle.ts';
import { createUnrecorded } from './unrecorded.ts';

/** The tasks of one connected server. Leaves the connection and the store to whoever made them, but for `close()`. */
export function createTaskClient(options: TaskClientOptions): TaskClient {
  return clientOver(options, createClient);
}

function createClient(connection: Connection, options: TaskClientOptions): TaskClient {
  const { store, clock = systemClock } = options;
  const { identity } = connection;
  const around = createContext(connection, options, clock);
  const { dialect } = around;
  const followers = new Map<string, Follower>();
  const push = createPush(connection, clock, dialect);
  const events = createEvents(drop, around);
  const askHost = createHostAnswers(connection, (follower, key) => readQuestion(follower, around, key));
  /** How many handles are out for each task: the last one that is detached ends the following. */
  const handles = new Map<Follower, number>();
  const leaving = new Map<string, Promise<void>>();
  let closed = false;
  const support = createToolSupport(connection, dialect);
  const jobs = createMappedJobs(around, options.jobs);
  const unrecorded = createUnrecorded(around, jobs);
  around.questions.join(createTaskRegistry(followers, around));

  const pruning = pruneSettled(store, clock, options.keepSettledMs);

  const unlisten = listenToServer(connection, dialect, followers, () => {
    support.forget();
    jobs.forget();
  });

  const whyNot = (record: TaskRecord): string | undefined => whyForeign(record, around);

  /** What is shared, with requests that belong to what the host is tracing now. */
  function surround(): ClientContext {
    return { ...around, connection: withTrace(connection, options.trace) };
  }

  /** @throws {TaskError} `closed` where nothing can be sent any more */
  function refuseClosed(what: string): void {
    const reason = closed ? 'this client was closed' : connection.ended?.message;
    if (reason === undefined) return;
    throw new TaskError('closed', `${what}: ${reason}`, { hint: 'Connect anew, with a task client of its own.' });
  }

  function refuseToFollow({ id, phase }: TaskRecord): void {
    if (closed || phase !== 'settled') refuseClosed(`Task ${id} was not taken up`);
  }

  async function follow(record: TaskRecord, calling = false, near = surround()): Promise<Follower> {
    refuseToFollow(record);
    await loadProtocol(record);
    const known = followers.get(record.id);
    if (known !== undefined) {
      await known.dispatch({ type: 'taken-up' });
      return known;
    }
    const follower = createFollower(record, near, perform, { calling, dialect: around.dialectFor(record) });
    followers.set(record.id, follower);
    await leaving.get(record.id); // or the lease it gives back would be the one that is taken here
    follower.onChange(() => {
      listen(follower);
      if (!around.observe) askHost(follower);
    });
    await follower.takeUp();
    listen(follower);
    events.watch(follower);
    return follower;
  }

  function listen(follower: Follower): void {
    const { taskId, phase, status } = follower.record;
    if (taskId === null) return;
    around.questions.know(taskId);
    const isOfConnection = follower.dialect.protocol === dialect.protocol;
    const isPushed = isOfConnection && (follower.dialect.traits.pushWhileAsked || status !== 'input_required');
    if ((follower.leading || around.observe) && phase === 'open' && isPushed) push.add(taskId);
    else push.delete(taskId);
  }

  function handle(follower: Follower): TaskHandle {
    handles.set(follower, (handles.get(follower) ?? 0) + 1);
    let out = true;
    const detached = (): void => {
      if (out) letGo(follower);
      out = false;
    };
    return createTaskHandle(follower, around, { detached, endTold: () => drop(follower) });
  }

  /** Handles of it know the end from its record: a host that calls for months keeps none of it here. */
  function drop(follower: Follower): void {
    handles.delete(follower);
    if (followers.get(follower.record.id) === follower) followers.delete(follower.record.id);
  }

  function letGo(follower: Follower): void {
    const left = (handles.get(follower) ?? 1) - 1;
    if (left > 0) return void handles.set(follower, left);
    const { id, taskId } = follower.record;
    drop(follower);
    if (taskId !== null) push.delete(taskId);
    const stopped = follower.stop().finally(() => leaving.get(id) === stopped && leaving.delete(id));
    leaving.set(id, stopped);
  }

  /** What goes wrong before anything is sent leaves no record that the call may have run. */
  async function beforeCall<T>(record: TaskRecord, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      const follower = followers.get(record.id);
      if (follower !== undefined) letGo(follower);
      await leaving.get(record.id);
      await store.remove(record.id).catch(() => undefined);
      throw error;
    }
  }

  /** A call that made no task is over with its answer. */
  async function forgetPlain({ id, taskId, phase }: TaskRecord): Promise<void> {
    if (options.record !== 'tasks' || taskId !== null || phase !== 'settled') return;
    await store.remove(id).catch(() => undefined);
  }

  async function callTool(request: CallToolRequest, callOptions: CallToolOptions = {}): Promise<CallToolAnswer> {
    const { signal, ttlMs } = callOptions;
    refuseClosed(`${request.name} was not called`);
    const known = await support.of(request.name, signal);
    const asTask = known === 'optional' || known === 'required';
    if (signal?.aborted) throw new TaskError('aborted', `${request.name} was not called`);
    const record = await createRecord(
      store,
      clock,
      (await jobs.draft(request, signal)) ?? draftRecord(clock, connection, dialect, request),
    );
    const near = surround();
    const follower = await beforeCall(record, async () => {
      const followed = await follow(record, true, near);
      callOptions.onRecorded?.(record);
      refuseClosed(`${request.name} was not called`);
      if (signal?.aborted) throw new TaskError('aborted', `${request.name} was not called`);
      return followed;
    });
    const token = callOptions.onProgress === undefined ? undefined : progressToken(record.id);
    if (token !== undefined && callOptions.onProgress !== undefined) {
      const stop = onProgressOf(connection, dialect, token, callOptions.onProgress);
      follower.onChange(() => (follower.record.phase === 'settled' || follower.isLeft) && stop());
    }
    const placement = { asTask, ttlMs, orAsTask: known === 'unknown', progressToken: token };
    const placed = firstCall(follower, near, placement).finally(() => {
      // A result, or that it was lost, is all that comes; nobody will be given a handle to let it go by.
      const isOver = follower.record.phase === 'settled' || follower.lost !== null;
      if (isOver && !handles.has(follower)) letGo(follower);
    });
    // A task is on disk before its caller gets a handle, unless the store is out of reach for good.
    const isWritten = (): true | undefined =>
      follower.heldBack === undefined || follower.isLeft || follower.isCutOff ? true : undefined;
    await Promise.race([
      placed.then(() => until(follower, isWritten, signal)),
      until(follower, () => (follower.record.phase === 'intent' ? undefined : true), signal),
    ]);
    try {
      const result = resultOfCall(follower, signal?.aborted === true);
      if (result !== undefined) return { kind: 'complete', id: record.id, result };
    } finally {
      await forgetPlain(follower.record);
    }
    return { kind: 'task', task: handle(follower) };
  }

  return {
    connection,
    listTools: async (listOptions = {}) =>
      jobs.withJobs(await listTools(surround().connection, dialect, listOptions.signal)),
    callTool,
    callToolToCompletion: (request) => callToCompletion(callTool, clock, request),
    events: () => events.listen(followers.values()),
    async resumeAll({ settledSince = Number.POSITIVE_INFINITY } = {}) {
      if (closed) refuseClosed('No task was taken up');
      const records = (await store.list({ fingerprint: identity.fingerprint })).records;
      // A call without a task and without a question is over, or unknown; some protocols can tell what came of it.
      const goesOn = (record: TaskRecord) =>
        record.taskId !== null ||
        record.phase === 'asking' ||
        (record.phase === 'intent' && dialect.find !== undefined);
      const ours = records.filter((record) => whyNot(record) === undefined && goesOn(record));
      const wanted = ours.filter((record) => record.phase !== 'settled' || record.updatedAt >= settledSince);
      wanted.forEach(refuseToFollow);
      return Promise.all(wanted.map(async (record) => handle(await follow(record))));
    },
    resume: async (reference) => handle(await follow(await findRecord(store, reference, whyNot))),
    listUnrecorded: () => unrecorded.list(),
    async adopt(taskId) {
      refuseClosed(`Task ${taskId} was not taken up`);
      return handle(await follow(await unrecorded.adopt(taskId)));
    },
    async follow(request) {
      refuseClosed(`Job ${request.id} was not followed`);
      return handle(await follow(await unrecorded.follow(request)));
    },
    async close() {
      closed = true;
      unlisten();
      pruning.stop();
      events.end();
      push.stop();
      await Promise.all([...followers.values()].map((follower) => follower.stop()));
      followers.clear();
      await around.worker.leave();
      await connection.close({ keepSession: true });
    },
    [Symbol.asyncDispose]() {
      return this.close();
    },
  };
}
