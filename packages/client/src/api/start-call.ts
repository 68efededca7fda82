import { TaskError } from '../errors.ts';
import type { TaskRecord } from '../task/record.ts';
import { isSameJson } from '../task/same-json.ts';
import type { ClientContext } from '../worker/client-context.ts';
import type { Follower } from '../worker/followed-task.ts';
import { createRecord, draftRecord } from '../worker/new-record.ts';
import { firstCall } from '../worker/perform.ts';
import type { Placement } from '../worker/place-call.ts';
import { progressToken } from '../worker/progress.ts';
import type { StoreWorker } from '../worker/store-worker-api.ts';
import type { ToolSupport } from '../worker/tool-support.ts';
import { until } from '../worker/until.ts';
import type { StartRequest } from './call-api.ts';
import type { FollowedTasks } from './followed-tasks.ts';
import type { FollowedTask } from './handle-api.ts';
import type { MappedJobs } from './mapped-jobs.ts';

export interface StartOptions {
  readonly around: ClientContext;
  readonly followed: FollowedTasks;
  readonly support: ToolSupport;
  readonly jobs: Pick<MappedJobs, 'draft'>;
  /** The shared context, with the current trace context on requests. */
  tracedContext(): ClientContext;
  /** @throws {TaskError} `closed` */
  refuseClosed(what: string): void;
  /** @throws {TaskError} `server-changed` for a record that this client cannot drive */
  refuseForeign(record: TaskRecord): void;
  /** Deletes the record of a call with a plain result once the result has arrived. */
  readonly forgetsPlain: boolean;
}

const calls = new WeakMap<StoreWorker, Set<string>>();

/** The ids of this worker's calls in flight: from before the record is saved until the response is saved. */
export function callsOf(worker: StoreWorker): Set<string> {
  const known = calls.get(worker) ?? new Set<string>();
  calls.set(worker, known);
  return known;
}

/** Attempts to create a record whose key was held by a call that has ended meanwhile. */
const JOIN_ATTEMPTS = 5;

/** Records a call under a lease, then sends it: once, and never again automatically. */
export function createStart(options: StartOptions): (request: StartRequest) => Promise<FollowedTask> {
  const { around, followed, support, jobs, tracedContext, refuseClosed } = options;
  const { store, clock, connection, dialect, worker } = around;
  const calling = callsOf(worker);

  function refuseAborted({ name, signal }: StartRequest): void {
    if (signal?.aborted) throw new TaskError('aborted', `${name} was not called`);
    refuseClosed(`${name} was not called`);
  }

  /** The record of the new call, or of the open call with its key. */
  async function record(request: StartRequest): Promise<{ record: TaskRecord; isNew: boolean }> {
    const job = await jobs.draft(request, request.signal);
    const draft = job ?? draftRecord(clock, connection, dialect, request);
    for (let attempt = 1; ; attempt += 1) {
      try {
        return { record: await createRecord({ store, clock, owner: worker.owner, calling }, draft), isNew: true };
      } catch (error) {
        if (!TaskError.is(error) || error.code !== 'key-conflict') throw error;
        const open = await holderOfKey(draft);
        if (open !== undefined) return { record: joinOpenCall(open, draft, request, error), isNew: false };
        if (attempt >= JOIN_ATTEMPTS) throw error;
      }
    }
  }

  async function holderOfKey({ key = '', server }: TaskRecord): Promise<TaskRecord | undefined> {
    const { records } = await store.list({ open: true, fingerprint: server.fingerprint, key });
    return records.find((each) => each.server.account === server.account);
  }

  function joinOpenCall(open: TaskRecord, draft: TaskRecord, { onExisting = 'join' }: StartRequest, cause: TaskError) {
    const isSame = open.tool === draft.tool && isSameJson(open.arguments, draft.arguments);
    if (isSame && onExisting === 'join') {
      options.refuseForeign(open);
      return open;
    }
    const what = isSame ? 'is already open' : `is already open for ${open.tool} with other arguments`;
    throw new TaskError(
      'key-conflict',
      `${draft.tool} was not called: call ${open.id} with the key "${draft.key}" ${what}`,
      {
        hint: 'Join that call, or wait until it has ended.',
        cause,
      },
    );
  }

  /** A failure before sending deletes the record: otherwise it would count as a call that may have run. */
  async function hold(record: TaskRecord, near: ClientContext, request: StartRequest): Promise<Follower> {
    try {
      const follower = await followed.follow(record, near);
      if (!around.observe) await underLease(follower, around, request.signal);
      refuseAborted(request);
      return follower;
    } catch (error) {
      const follower = followed.all.get(record.id);
      if (follower !== undefined) await followed.leave(follower);
      calling.delete(record.id);
      await store.remove(record.id).catch(() => undefined);
      throw error;
    }
  }

  async function place(follower: Follower, near: ClientContext, placement: Placement): Promise<void> {
    await firstCall(follower, near, placement);
    const { id, taskId, phase } = follower.record;
    calling.delete(id);
    if (around.handsOver && phase !== 'settled' && follower.lost === null) await follower.handOver();
    if (taskId !== null || phase !== 'settled') return;
    followed.drop(follower);
    if (options.forgetsPlain) await store.remove(id).catch(() => undefined);
  }

  return async (request) => {
    const { name, signal, ttlMs } = request;
    refuseClosed(`${name} was not called`);
    const known = await support.of(name, signal);
    if (signal?.aborted) throw new TaskError('aborted', `${name} was not called`);
    if (!around.observe) await worker.ready();
    const made = await record(request);
    const near = tracedContext();
    if (!made.isNew) return followed.handle(await followed.follow(made.record, near));
    const follower = await hold(made.record, near, request);
    const asTask = known === 'optional' || known === 'required';
    const token = progressToken(follower.record.id);
    const placed = place(follower, near, { asTask, ttlMs, orAsTask: known === 'unknown', progressToken: token });
    return followed.handle(follower, placed);
  };
}

/**
 * Sends the call only under the lease and a recent heartbeat: while the store hangs, nothing is sent and no handle is
 * returned.
 * @throws {TaskError} `store-unwritable` when the store does not accept heartbeats
 */
async function underLease(follower: Follower, { store, worker }: ClientContext, signal?: AbortSignal): Promise<void> {
  const { id, tool } = follower.record;
  const expectShortError = (): boolean => follower.mayAct || follower.isLeft || worker.trouble !== undefined;
  while (!expectShortError() && signal?.aborted !== true) {
    const owner = await store.ownerOf(id);
    // If the store leases a record only after its creation, a reader may claim it first; the call needs no lease.
    if (owner !== undefined && owner !== worker.owner) return;
    await until(follower, () => expectShortError() || undefined, signal);
  }
  if (follower.mayAct || worker.trouble === undefined) return;
  throw new TaskError(
    'store-unwritable',
    `${tool} was not called: the task store does not accept heartbeats: ${worker.trouble}`,
  );
}
