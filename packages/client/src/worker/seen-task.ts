import { createLifecycle, type Lifecycle } from '../machine/lifecycle.ts';
import type { TaskDialect } from '../protocol/dialect.ts';
import type { Failure } from '../task/failure.ts';
import { isCallLost, type TaskRecord } from '../task/record.ts';
import type { Outcome } from '../task/task.ts';
import type { TaskChange } from '../task/updates.ts';
import { BlockedReason, type Circumstances } from './blocked-reason.ts';
import type { Broadcast } from './broadcast.ts';
import type { ClientContext } from './client-context.ts';
import type { LazyAbort } from './lazy-abort.ts';
import type { Member } from './store-member.ts';
import type { TaskView } from './task-view.ts';

/** The readable state of a followed task. `Follower` documents each field. */
export abstract class SeenTask {
  readonly id: string;
  readonly since: number;
  readonly dialect: TaskDialect;
  protected readonly around: ClientContext;
  protected abstract readonly view: TaskView;
  /** A claim for one poll is in flight. */
  protected abstract readonly isClaiming: boolean;
  /** False: another worker drives the task, and this one sends nothing about it. */
  protected wantsLease = true;
  #blocked: BlockedReason | undefined;

  constructor(id: string, dialect: TaskDialect, around: ClientContext) {
    this.id = id;
    this.since = around.clock.now();
    this.dialect = dialect;
    this.around = around;
  }

  get observe(): boolean {
    return this.around.observe;
  }
  get record(): TaskRecord {
    return this.view.state.record;
  }
  get known(): TaskRecord {
    return this.view.known.record;
  }
  get broadcast(): Broadcast<TaskChange> {
    return this.view.broadcast;
  }
  get need(): Member['need'] {
    const { mode, life, isCallLost } = this.view;
    if (mode.kind === 'leading') return 'leads';
    if (mode.kind === 'following') {
      const isCut = this.standsBack || this.isConnectionEnded;
      return this.wantsLease && !isCut ? 'waits' : 'reads';
    }
    if (mode.kind === 'watching') return this.isClaiming ? 'borrows' : 'reads';
    return isCallLost && !life.isAborted ? 'reads' : 'rests';
  }
  get leading(): boolean {
    return this.view.mode.kind === 'leading';
  }
  get mayAct(): boolean {
    const { mode } = this.view;
    return mode.kind === 'leading' && this.around.worker.isCertain(mode.lease);
  }
  get lost(): Failure | null {
    const { mode, known } = this.view;
    if (mode.kind === 'idle' && mode.why === 'call-lost') return mode.failure;
    // The lease holder recorded the call as lost.
    if (mode.kind !== 'following' || this.wantsLease || !isCallLost(known.record)) return null;
    return { kind: 'transport', message: known.record.trouble ?? 'its answer was lost' };
  }
  get isDeleted(): boolean {
    return this.view.mode.kind === 'deleted';
  }
  get isLeft(): boolean {
    return this.view.life.isAborted;
  }
  get failures(): number {
    return this.view.known.failures;
  }
  get blocked(): Outcome | null {
    const { mode, known } = this.view;
    const { maxFailures } = this.around;
    // Fast path of the usual case: allocates nothing.
    if (mode.kind === 'leading' && known.polling.kind !== 'stopped' && known.failures < maxFailures) return null;
    this.#blocked ??= new BlockedReason(this.around.maxFailures);
    return this.#blocked.of(this.#circumstances());
  }
  get standsBack(): boolean {
    const { mode } = this.view;
    return mode.kind === 'following' && mode.standsBack === true;
  }
  get isConnectionEnded(): boolean {
    return this.around.connection.ended !== undefined;
  }
  get isCutOff(): boolean {
    this.#blocked ??= new BlockedReason(this.around.maxFailures);
    return this.#blocked.cutOff(this.#circumstances()) !== null;
  }
  get life(): LazyAbort {
    return this.view.life;
  }
  get lease(): LazyAbort {
    return this.view.lease;
  }
  get signal(): AbortSignal {
    return this.view.life.signal;
  }
  get leaseSignal(): AbortSignal {
    return this.view.lease.signal;
  }

  onChange(listener: () => void): () => void {
    return this.view.onChange(listener);
  }

  onPoll(listener: () => void): () => void {
    return this.view.onPoll(listener);
  }

  #circumstances(): Circumstances {
    const { mode, known: state } = this.view;
    const { connection, worker } = this.around;
    return { mode, state, ended: this.wantsLease ? connection.ended : undefined, storeTrouble: worker.trouble };
  }

  protected lifecycleOf(record: TaskRecord): Lifecycle {
    const { minPollIntervalMs, observe: handsOff } = this.around;
    return createLifecycle(record, { traits: this.dialect.traits, minPollIntervalMs, handsOff });
  }
}
