import type { Effect, LifecycleEvent } from '../machine/lifecycle.ts';
import { renewLifecycle } from '../machine/lifecycle-state.ts';
import type { Claim } from '../store/task-store.ts';
import type { TaskRecord } from '../task/record.ts';
import type { TaskSnapshot } from '../task/task.ts';
import { abandonedCall } from './abandoned-call.ts';
import { type Borrowing, createBorrowing } from './borrowing.ts';
import type { ClientContext } from './client-context.ts';
import type { Follower, FollowerOptions, StepOptions, Unstamped } from './followed-task.ts';
import type { Perform } from './perform.ts';
import { observeQuietly, wakeQuietly } from './quiet-polls.ts';
import { refreshTask } from './refresh-task.ts';
import { type Scheduler, schedulerOf } from './scheduler.ts';
import { SeenTask } from './seen-task.ts';
import { Serial } from './serial.ts';
import { endStandBack, standBack } from './stand-back.ts';
import type { Mode } from './task-mode.ts';
import { Steps } from './task-steps.ts';
import { TaskView } from './task-view.ts';

const POLL: Effect = { type: 'poll' };
const TIME_PASSED = { type: 'time-passed' } as const;
const SYNC: StepOptions = { sync: true };
const LEFT: Mode = { kind: 'idle', why: 'left' };

export function createFollower(
  first: TaskRecord,
  around: ClientContext,
  perform: Perform,
  options: FollowerOptions = {},
): Follower {
  return new FollowedTask(first, around, perform, options);
}

/** One followed task: runs its steps in order. No closures: a process holds thousands. */
class FollowedTask extends SeenTask implements Follower {
  readonly #perform: Perform;
  readonly #isCalling: boolean;
  readonly #scheduler: Scheduler;
  protected readonly view: TaskView;
  readonly #steps: Steps;
  readonly #serial = new Serial();
  /** Only for an observer. */
  readonly #borrowing: Borrowing | undefined;
  /** How many reads of the stored record have begun, and the latest one whose record is shown. */
  #readsBegun = 0;
  #readShown = 0;

  constructor(first: TaskRecord, around: ClientContext, perform: Perform, options: FollowerOptions) {
    super(first.id, options.dialect ?? around.dialect, around);
    this.#perform = perform;
    this.#isCalling = options.calling ?? false;
    this.wantsLease = !around.handsOver || this.#isCalling;
    this.#scheduler = schedulerOf(around.clock);
    this.view = new TaskView(this.lifecycleOf(first), this);
    this.#steps = new Steps(this.view, around, this);
    this.#borrowing = around.observe ? createBorrowing(this.view, this.#scheduler, around.clock, this) : undefined;
  }

  protected get isClaiming(): boolean {
    return this.#borrowing?.isClaiming === true;
  }
  get heldBack(): TaskRecord | undefined {
    return this.#steps.heldBack;
  }
  dispatch(event: Unstamped, how: StepOptions = {}): Promise<void> {
    const { clock } = this.around;
    const stamped = { ...event, now: clock.now(), chance: clock.random() } as LifecycleEvent;
    return this.#serial.run(() => this.#step(stamped, how));
  }

  observed(snapshot: TaskSnapshot, asked: readonly string[]): Promise<void> | undefined {
    const { clock } = this.around;
    if (this.#mayStepNow()) {
      const at = observeQuietly(this.view, snapshot, { now: clock.now(), chance: clock.random() });
      if (at !== undefined) {
        this.#steps.fellBehind();
        this.wakeAt(at);
        this.view.notifyPoll();
        return undefined;
      }
    }
    return this.dispatch({ type: 'task-observed', snapshot, polled: true, asked });
  }

  /** Called when the task is due. */
  readonly wake = (): void => {
    if (this.view.mode.kind === 'watching') return void this.#borrowing?.borrow();
    if (endStandBack(this.view)) return void this.around.worker.claim(this);
    const quiet = this.#mayStepNow() ? wakeQuietly(this.view, this.around.clock.now()) : undefined;
    if (quiet === 'poll') void this.run(POLL);
    else if (quiet !== undefined) this.wakeAt(quiet);
    else void this.dispatch(TIME_PASSED);
  };

  lead(claim: Claim): void {
    const view = this.view;
    const { worker, observe } = this.around;
    // Requests sent under an earlier lease may still succeed: wait for them, so that nothing is sent twice.
    const inFlight = this.#steps.requestsInFlight();
    if (inFlight !== undefined) return void inFlight.then(() => worker.claim(this));
    const fresh = renewLifecycle(this.lifecycleOf(claim.record), view.state, observe);
    this.#steps.caughtUp();
    this.#readShown = this.#readsBegun;
    this.#begin(claim.record, { sync: view.lead(claim, fresh) });
  }

  lapse(): void {
    this.view.lapse();
  }

  sync(): void {
    void this.dispatch(TIME_PASSED, SYNC);
  }

  refresh(): void {
    void refreshTask(this, () => this.view.state.polling.kind === 'out');
  }

  /** `saved`: the record to show if the read fails. */
  async reread(saved?: TaskRecord): Promise<void> {
    this.#readsBegun += 1;
    const turn = this.#readsBegun;
    // A failed read is repeated with the next mail.
    const record = await this.around.store.read(this.id).catch(() => saved ?? null);
    // Ignore out-of-order responses: an earlier read would restore an older record.
    if (record === null || turn <= this.#readShown || this.leading || this.isDeleted || this.isLeft) return;
    this.#readShown = turn;
    this.view.acceptOfOther(record);
    if (record !== undefined) this.#borrowing?.schedule();
  }

  review(): void {
    if (!this.leading) return;
    if (this.isConnectionEnded) void this.#giveBackInTurn();
    else if (this.#steps.isBehind) this.sync();
  }

  troubled(): void {
    const { trouble } = this.around.worker;
    if (!this.leading && trouble !== undefined) this.#steps.warnUnsaved(trouble);
    this.view.notify();
  }

  async resume(claim?: Claim): Promise<void> {
    const view = this.view;
    if (view.state.record.phase === 'settled') return view.enter({ kind: 'idle', why: 'settled' });
    if (claim !== undefined) {
      this.lead(claim);
      return this.#serial.settled();
    }
    view.enter(view.modeWithoutLease());
    if (this.#borrowing?.isDue() === true) await this.#borrowing.borrow();
    if (this.#borrowing === undefined && this.wantsLease) await this.around.worker.claim(this);
    if (!this.leading) await this.reread();
    await this.#serial.settled();
  }

  async handOver(): Promise<void> {
    this.wantsLease = false;
    await this.#giveBackInTurn();
  }

  async posted(record: TaskRecord): Promise<void> {
    if (this.leading) return this.dispatch(TIME_PASSED, SYNC);
    await this.reread(record); // others may have written since
    if (endStandBack(this.view)) await this.around.worker.claim(this); // send it now
  }

  async stop(): Promise<void> {
    const view = this.view;
    const { worker } = this.around;
    if (this.#steps.isUnsaved) worker.abandon(this.id);
    await this.#serial.settled();
    const given = this.#steps.handOver(() => (this.isDeleted || view.isCallLost ? view.mode : LEFT));
    view.life.abort();
    worker.sort(this);
    this.#steps.stop();
    view.broadcast.end();
    view.notify();
    await given;
  }

  // Callbacks of the view, the steps and the borrowing.

  run(effect: Effect): Promise<void> {
    return this.#perform(effect, this, this.around);
  }

  wakeAt(at: number): void {
    this.around.listedPolls.sort(this);
    this.#scheduler.set(this.wake, at);
  }

  onMode(): void {
    if (!this.leading) this.#scheduler.delete(this.wake);
    this.around.worker.sort(this);
    this.around.listedPolls.sort(this);
    this.#borrowing?.schedule();
  }

  giveBack(lease: Claim['lease']): Promise<void> {
    return this.around.worker.giveBack(lease);
  }

  async claim(): Promise<void> {
    const { worker } = this.around;
    worker.sort(this);
    await worker.claim(this);
    if (this.view.mode.kind === 'watching') worker.sort(this);
  }

  /** No other work of the task is in progress, and requests are allowed. */
  #mayStepNow(): boolean {
    return this.#serial.isIdle && this.mayAct;
  }

  #giveBackInTurn(): Promise<void> {
    return this.#serial.run(() =>
      this.leading ? this.#steps.handOver(() => this.view.modeWithoutLease()) : undefined,
    );
  }

  #step(event: LifecycleEvent, how: StepOptions): void | Promise<void> {
    const borrowing = this.#borrowing;
    if (borrowing === undefined || this.view.mode.kind !== 'watching') return this.#drive(event, how);
    if (event.type === 'task-observed') return borrowing.borrow().then(() => this.#steps.step(event, how));
    return Promise.resolve(this.#steps.step(event, how)).then(() => borrowing.schedule());
  }

  #drive(event: LifecycleEvent, how: StepOptions): void | Promise<void> {
    const isRetry = event.type === 'resumed' || event.type === 'reconnected';
    if (isRetry && endStandBack(this.view)) void this.around.worker.claim(this);
    const done = this.#steps.step(event, how);
    if (event.type !== 'poll-failed') return done;
    const mine = { view: this.view, steps: this.#steps, around: this.around, wakeAt: (at: number) => this.wakeAt(at) };
    return Promise.resolve(done).then(() => standBack(event, how, mine));
  }

  /** The first step under a lease. A call whose process has ended is recorded as lost. */
  #begin(claimed: TaskRecord, how: StepOptions): void {
    const failure = this.#isCalling ? undefined : abandonedCall(claimed, this.dialect.traits);
    if (failure === undefined) return void this.dispatch(TIME_PASSED, how);
    if (!this.observe && this.dialect.find === undefined) return void this.dispatch({ type: 'call-lost', failure });
    if (!this.observe) return void this.#perform({ type: 'find-call', failure }, this, this.around);
    void this.view.leave({ kind: 'idle', why: 'call-lost', failure });
    this.view.notify();
  }
}
