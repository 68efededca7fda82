import { TaskError } from '../errors.ts';
import type { Claim } from '../store/task-store.ts';
import type { TaskRecord } from '../task/record.ts';
import type { ClientContext } from '../worker/client-context.ts';
import type { Follower } from '../worker/followed-task.ts';
import { createFollower } from '../worker/follower.ts';
import { loadProtocol } from '../worker/load-protocol.ts';
import { perform } from '../worker/perform.ts';
import type { Push } from '../worker/push.ts';
import type { FollowedTask } from './handle-api.ts';
import { createTaskHandle } from './task-handle.ts';

/** The tasks that one client follows, with a count of handles for each. */
export interface FollowedTasks {
  /** By local id. */
  readonly all: ReadonlyMap<string, Follower>;
  /** Follows the task, once for any number of calls. `near`: the context with the connection for its requests. */
  follow(record: TaskRecord, near: ClientContext): Promise<Follower>;
  /** Follows a task that was just claimed; undefined if its record has to be looked up first. */
  followClaim(claim: Claim, near: ClientContext): Promise<Follower> | undefined;
  /** Adds a handle: detaching the last one ends the following. */
  handle(follower: Follower, call?: Promise<void>): FollowedTask;
  /** Drops a settled task from memory: its handles read the end from the record. */
  drop(follower: Follower): void;
  /** Ends the following of a task without handles. Resolves when its lease is given back. */
  leave(follower: Follower): Promise<void>;
  stopAll(): Promise<void>;
}

export interface FollowedTasksOptions {
  readonly push: Push;
  /** Whether the call of this record is made here: without a response it is in flight, not abandoned. */
  isCalling(id: string): boolean;
  /** @throws {TaskError} `closed` if the task can no longer be followed */
  refuse(record: TaskRecord): void;
  /** Called after each change of a task. */
  changed(follower: Follower): void;
  /** Called when a task begins to be followed. */
  begun(follower: Follower): void;
}

export function createFollowedTasks(around: ClientContext, options: FollowedTasksOptions): FollowedTasks {
  const { push } = options;
  const all = new Map<string, Follower>();
  const handles = new Map<Follower, number>();
  const leaving = new Map<string, Promise<void>>();

  function listen(follower: Follower): void {
    const { taskId, phase, status } = follower.record;
    if (taskId === null) return;
    around.questions.markKnown(taskId);
    const isOfConnection = follower.dialect.protocol === around.dialect.protocol;
    const isPushed = isOfConnection && (follower.dialect.traits.pushWhileAsked || status !== 'input_required');
    if ((follower.leading || around.observe) && phase === 'open' && isPushed) push.add(taskId);
    else push.delete(taskId);
  }

  function drop(follower: Follower): void {
    handles.delete(follower);
    if (all.get(follower.record.id) === follower) all.delete(follower.record.id);
  }

  function leave(follower: Follower): Promise<void> {
    const { id, taskId } = follower.record;
    drop(follower);
    if (taskId !== null) push.delete(taskId);
    const stopped = follower.stop().finally(() => leaving.get(id) === stopped && leaving.delete(id));
    leaving.set(id, stopped);
    return stopped;
  }

  function detached(follower: Follower): void {
    const left = (handles.get(follower) ?? 1) - 1;
    if (left > 0) handles.set(follower, left);
    else void leave(follower);
  }

  const keeper = { detached, endReceived: drop };

  function begin(record: TaskRecord, near: ClientContext): Follower {
    const { id } = record;
    const calling = options.isCalling(id);
    const follower = createFollower(record, near, perform, { calling, dialect: around.dialectFor(record) });
    all.set(id, follower);
    follower.onChange(() => {
      listen(follower);
      options.changed(follower);
    });
    return follower;
  }

  async function begun(follower: Follower, resumed: Promise<void>): Promise<Follower> {
    await resumed;
    listen(follower);
    options.begun(follower);
    return follower;
  }

  return {
    all,
    drop,
    leave,
    async follow(record, near) {
      options.refuse(record);
      await loadProtocol(record);
      const { id } = record;
      const known = all.get(id);
      if (known !== undefined) {
        await known.dispatch({ type: 'resumed' });
        return known;
      }
      const follower = begin(record, near);
      await leaving.get(id); // wait, or giving back the old lease would release the new one
      return begun(follower, follower.resume());
    },
    followClaim(claim, near) {
      const { record } = claim;
      const isUnknown = !all.has(record.id) && !leaving.has(record.id) && !options.isCalling(record.id);
      if (!isUnknown || around.dialectFor(record) === undefined) return undefined;
      const follower = begin(record, near);
      return begun(follower, follower.resume(claim));
    },
    handle(follower, call) {
      handles.set(follower, (handles.get(follower) ?? 0) + 1);
      return createTaskHandle(follower, around, keeper, call);
    },
    async stopAll() {
      await Promise.all([...all.values()].map((follower) => follower.stop()));
      all.clear();
    },
  };
}

/** @throws {TaskError} `closed` */
export function refuseClosed(what: string, reason: string | undefined): void {
  if (reason === undefined) return;
  throw new TaskError('closed', `${what}: ${reason}`, { hint: 'Connect again, with a new task client.' });
}
