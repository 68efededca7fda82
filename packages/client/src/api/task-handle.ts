import { dueAt, type TaskRecord } from '../task/record.ts';
import { type TaskChange, updatesBetween } from '../task/updates.ts';
import { mapIterator } from '../worker/broadcast.ts';
import type { ClientContext } from '../worker/client-context.ts';
import type { Follower } from '../worker/followed-task.ts';
import { LazyAbort } from '../worker/lazy-abort.ts';
import { until } from '../worker/until.ts';
import { createPatience } from '../worker/wait-policy.ts';
import { awaitAnswer } from './await-answer.ts';
import { awaitOutcome } from './await-outcome.ts';
import type { FollowedTask, TaskUpdate } from './handle-api.ts';
import { postToRecord } from './post-to-record.ts';
import { readQuestion, withQuestion } from './question.ts';
import { requestCancel } from './request-cancel.ts';

/** What whoever gave out a handle is told of it. */
export interface HandleKeeper {
  /** Settles when the request of the call has, where it is made here. */
  readonly call?: Promise<void> | undefined;
  detached(): void;
  /** Somebody was told how the task ended: there is nothing left to follow. */
  endTold(): void;
}

export function createTaskHandle(follower: Follower, around: ClientContext, keeper: HandleKeeper): FollowedTask {
  const detached = new LazyAbort();
  const beginWaiting = createPatience(follower, around.maxFailures);

  const handle: FollowedTask = {
    id: follower.record.id,
    get latest() {
      return follower.record;
    },
    record: async () => follower.record,
    follow: async () => handle,
    accepted: ({ signal } = {}) => awaitAnswer(follower, keeper.call, signal),
    updates: () => updatesOf(follower, around, keeper.endTold),
    async outcome(options = {}) {
      const outcome = await awaitOutcome(follower, around, options, {
        trouble: beginWaiting(),
        detached,
      });
      if (follower.record.outcome !== null) keeper.endTold();
      return outcome;
    },
    question: async (key, digest) => readQuestion(follower, around, key, digest),
    cancel: ({ signal } = {}) => requestCancel(follower, around, signal),
    refresh: () => refresh(follower, around),
    detach() {
      detached.abort();
      keeper.detached();
    },
  };
  return handle;
}

function updatesOf(follower: Follower, around: ClientContext, endTold: () => void): AsyncIterableIterator<TaskUpdate> {
  const { record } = follower;
  const present: readonly TaskChange[] =
    record.outcome === null
      ? updatesBetween(undefined, record)
      : [{ kind: 'settled', outcome: record.outcome, record }];
  const changes = follower.broadcast.subscribe(present, ({ kind }) => {
    if (kind === 'settled') endTold();
    return kind === 'settled';
  });
  return mapIterator(changes, (change) => withQuestion(change, follower, around));
}

async function refresh(follower: Follower, { store, clock, observe }: ClientContext): Promise<TaskRecord> {
  const { observedAt, updatedAt } = follower.record;
  if (dueAt(follower.record, clock.now()) > clock.now()) return follower.record;
  // Whoever leads it may know more than it has written: a write without the lease makes it write what it knows.
  if (!follower.leading && !observe) {
    await postToRecord(follower, store, (current) => ({ ...current })).catch(() => undefined);
  }
  await until({ onChange: (listener) => follower.onPoll(listener) }, () => {
    const { record, condition } = follower;
    // The silence may be of an earlier poll; only what changed since is the answer of this one.
    const isSilent = record.contact !== undefined && record.updatedAt !== updatedAt;
    const moved = record.observedAt > observedAt || record.phase !== 'open' || isSilent;
    return moved || condition !== null || follower.isLeft ? true : undefined;
  });
  return follower.record;
}
