import { dueAt, type TaskRecord } from '../task/record.ts';
import type { Outcome } from '../task/task.ts';
import { type TaskChange, updatesBetween } from '../task/updates.ts';
import { mapIterator } from '../worker/broadcast.ts';
import type { ClientContext } from '../worker/client-context.ts';
import type { Follower } from '../worker/followed-task.ts';
import { LazyAbort } from '../worker/lazy-abort.ts';
import { createTurns } from '../worker/turns.ts';
import { until } from '../worker/until.ts';
import { WaitPolicy } from '../worker/wait-policy.ts';
import { awaitOutcome } from './await-outcome.ts';
import { awaitResponse } from './await-response.ts';
import type { CallAnswer, FollowedTask, OutcomeOptions, Question, TaskUpdate } from './handle-api.ts';
import { postToRecord } from './post-to-record.ts';
import { readQuestion, withQuestion } from './question.ts';
import { requestCancel } from './request-cancel.ts';

/** Waits that begin in one turn of the event loop: a host may wait for thousands of tasks at once. */
const WAITS_PER_TURN = 250;
const turns = createTurns(WAITS_PER_TURN);

/** Callbacks to the client that created a handle. */
export interface HandleKeeper {
  /** A handle was detached. */
  detached(follower: Follower): void;
  /** A caller has received the end of the task: following it can stop. */
  endReceived(follower: Follower): void;
}

/** `call` settles with the request of the call, if it is made in this process. */
export function createTaskHandle(
  follower: Follower,
  around: ClientContext,
  keeper: HandleKeeper,
  call?: Promise<void>,
): FollowedTask {
  return new Handle(follower, around, keeper, call);
}

/** No closures: a process holds thousands of handles. */
class Handle implements FollowedTask {
  readonly #follower: Follower;
  readonly #around: ClientContext;
  readonly #keeper: HandleKeeper;
  readonly #call: Promise<void> | undefined;
  readonly #waitPolicy: WaitPolicy;
  readonly #detached = new LazyAbort();
  readonly id: string;

  constructor(follower: Follower, around: ClientContext, keeper: HandleKeeper, call: Promise<void> | undefined) {
    this.id = follower.known.id;
    this.#follower = follower;
    this.#around = around;
    this.#keeper = keeper;
    this.#call = call;
    this.#waitPolicy = new WaitPolicy(follower, around.maxFailures);
  }

  get latest(): TaskRecord {
    return this.#follower.record;
  }

  async record(): Promise<TaskRecord> {
    return this.#follower.record;
  }

  async follow(): Promise<FollowedTask> {
    return this;
  }

  accepted({ signal }: Parameters<FollowedTask['accepted']>[0] = {}): Promise<CallAnswer> {
    return awaitResponse(this.#follower, this.#call, signal);
  }

  updates(): AsyncIterableIterator<TaskUpdate> {
    return updatesOf(this.#follower, this.#around, () => this.#keeper.endReceived(this.#follower));
  }

  async outcome(options: OutcomeOptions = {}): Promise<Outcome> {
    const follower = this.#follower;
    const turn = turns.take();
    if (turn !== undefined) await turn;
    const outcome = await awaitOutcome(follower, this.#around, options, {
      stopCheck: this.#waitPolicy.begin(),
      detached: this.#detached,
    });
    if (follower.known.outcome !== null) this.#keeper.endReceived(follower);
    return outcome;
  }

  async question(key: string, digest?: string): Promise<Question> {
    return readQuestion(this.#follower, this.#around, key, digest);
  }

  cancel({ signal }: Parameters<FollowedTask['cancel']>[0] = {}): Promise<void> {
    return requestCancel(this.#follower, this.#around, signal);
  }

  refresh(): Promise<TaskRecord> {
    return refresh(this.#follower, this.#around);
  }

  detach(): void {
    if (this.#detached.isAborted) return;
    this.#detached.abort();
    this.#keeper.detached(this.#follower);
  }
}

function updatesOf(
  follower: Follower,
  around: ClientContext,
  endReceived: () => void,
): AsyncIterableIterator<TaskUpdate> {
  const { record } = follower;
  const present: readonly TaskChange[] =
    record.outcome === null
      ? updatesBetween(undefined, record)
      : [{ kind: 'settled', outcome: record.outcome, record }];
  const changes = follower.broadcast.subscribe(present, ({ kind }) => {
    if (kind === 'settled') endReceived();
    return kind === 'settled';
  });
  return mapIterator(changes, (change) => withQuestion(change, follower, around));
}

async function refresh(follower: Follower, { store, clock, observe }: ClientContext): Promise<TaskRecord> {
  const { observedAt, updatedAt } = follower.record;
  if (dueAt(follower.record, clock.now()) > clock.now()) return follower.record;
  // The lease holder may have unsaved state: a write without the lease makes it save.
  if (!follower.leading && !observe) {
    await postToRecord(follower, store, (current) => ({ ...current })).catch(() => undefined);
  }
  await until({ onChange: (listener) => follower.onPoll(listener) }, () => {
    const { record, blocked } = follower;
    // The silence may be from an earlier poll; only a change since belongs to this one.
    const isSilent = record.contact !== undefined && record.updatedAt !== updatedAt;
    const moved = record.observedAt > observedAt || record.phase !== 'open' || isSilent;
    return moved || blocked !== null || follower.isLeft ? true : undefined;
  });
  return follower.record;
}
