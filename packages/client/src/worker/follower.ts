import { createLifecycle, type LifecycleEvent } from '../machine/lifecycle.ts';
import { renewLifecycle } from '../machine/lifecycle-state.ts';
import type { TaskDialect } from '../protocol/dialect.ts';
import type { TaskRecord } from '../task/record.ts';
import { isSameJson } from '../task/same-json.ts';
import { createBlockedReason } from './blocked-reason.ts';
import { createBorrowing } from './borrowing.ts';
import type { ClientContext } from './client-context.ts';
import type { Dispatch, Follower } from './followed-task.ts';
import type { Perform } from './perform.ts';
import { schedulerOf } from './scheduler.ts';
import { createSerial } from './serial.ts';
import { createSteps, type StepOptions } from './take-steps.ts';
import type { Mode } from './task-mode.ts';
import { createTaskView } from './task-view.ts';

export type { Follower } from './followed-task.ts';

/** A schedule that only memory knows is written after so long. */
const SAVE_SCHEDULE_MS = 55_000;

export interface FollowerOptions {
  /** The call of this record is made here; without it, a record whose call has no answer is one that was abandoned. */
  readonly calling?: boolean;
  /** @default that of new calls */
  readonly dialect?: TaskDialect | undefined;
}

export function createFollower(
  first: TaskRecord,
  around: ClientContext,
  perform: Perform,
  { calling = false, dialect = around.dialect }: FollowerOptions = {},
): Follower {
  const { store, clock, worker, connection, observe } = around;
  const { id } = first;
  const options = { traits: dialect.traits, minPollIntervalMs: around.minPollIntervalMs, handsOff: observe };
  const scheduler = schedulerOf(clock);
  const serial = createSerial();
  const blocked = createBlockedReason(around.maxFailures);
  const view = createTaskView(createLifecycle(first, options), {
    observe,
    giveBack: worker.giveBack,
    onMode() {
      if (view.mode.kind !== 'leading') scheduler.delete(wake);
      worker.sort(follower);
      borrowing.schedule();
    },
  });
  const steps = createSteps(view, around, {
    run: (effect) => perform(effect, follower, around),
    wakeAt: (at) => scheduler.set(wake, at),
    reread,
    look: () => follower.look(),
  });
  const borrowing = createBorrowing(view, {
    clock,
    scheduler,
    wake,
    async claim() {
      worker.sort(follower);
      await worker.claim(follower);
      if (view.mode.kind === 'watching') worker.sort(follower);
    },
  });

  const dispatch: Dispatch = (event, how = {}) =>
    serial.run(() => step({ ...event, now: clock.now(), chance: clock.random() } as LifecycleEvent, how));

  function step(event: LifecycleEvent, how: StepOptions): void | Promise<void> {
    if (view.mode.kind !== 'watching') return steps.take(event, how);
    if (event.type === 'task-observed') return borrowing.borrow().then(() => steps.take(event, how));
    return Promise.resolve(steps.take(event, how)).then(borrowing.schedule);
  }

  function wake(): void {
    if (view.mode.kind === 'watching') void borrowing.borrow();
    else void dispatch({ type: 'time-passed' });
  }

  async function reread(): Promise<void> {
    try {
      follower.recordChanged(await store.read(id));
    } catch {
      // What cannot be read now is told by the next mail.
    }
  }

  /** The first step under a lease. A call that nobody waits for any more is lost, and says so. */
  function begin(): void {
    const { record } = view.state;
    const isOrphan = dialect.traits.questions === 'requested' && record.taskId === null && record.phase === 'asking';
    const isAbandoned = record.phase === 'intent';
    if (calling || !(isOrphan || isAbandoned)) return void dispatch({ type: 'time-passed' });
    const whose = isOrphan ? 'The connection on which the server asked' : 'The process that made the call';
    // Prefer the recorded failure to the generic message.
    const known = isAbandoned ? record.trouble : undefined;
    const message = known ?? `${whose} is gone; the call may have run`;
    const failure = { kind: 'transport', message, verdict: 'retry' } as const;
    if (!observe && dialect.find === undefined) return void dispatch({ type: 'call-lost', failure });
    if (!observe) return void perform({ type: 'find-call', failure }, follower, around);
    void view.leave({ kind: 'idle', why: 'call-lost', failure });
    view.tell();
  }

  const circumstances = () => ({
    mode: view.mode,
    state: view.state,
    ended: connection.ended,
    storeTrouble: worker.trouble,
  });

  const follower: Follower = {
    id,
    since: clock.now(),
    dialect,
    broadcast: view.broadcast,
    dispatch,
    onChange: view.onChange,
    get record() {
      return view.state.record;
    },
    get need() {
      const { kind } = view.mode;
      if (kind === 'leading') return 'leads';
      if (kind === 'following') return connection.ended === undefined ? 'waits' : 'reads';
      if (kind === 'watching') return borrowing.isAsking ? 'borrows' : 'reads';
      return view.isCallLost && !view.life.isAborted ? 'reads' : 'rests';
    },
    get leading() {
      return view.mode.kind === 'leading';
    },
    get lost() {
      const { mode } = view;
      return mode.kind === 'idle' && mode.why === 'call-lost' ? mode.failure : null;
    },
    get heldBack() {
      return steps.heldBack;
    },
    get gone() {
      return view.mode.kind === 'gone';
    },
    get isLeft() {
      return view.life.isAborted;
    },
    get failures() {
      return view.state.failures;
    },
    get condition() {
      return blocked.of(circumstances());
    },
    get isCutOff() {
      return blocked.cutOff(circumstances()) !== null;
    },
    get signal() {
      return view.life.signal;
    },
    get leaseSignal() {
      return view.lease.signal;
    },
    lead({ record, lease }) {
      // What was sent under an earlier lease may still be taken: it is waited for, and nothing is sent twice.
      const underway = steps.underway();
      if (underway !== undefined) return void underway.then(() => worker.claim(follower));
      const known = view.state.record;
      const fresh = renewLifecycle(createLifecycle(record, options), view.state, observe);
      view.state = { ...fresh, record: known };
      steps.caughtUp();
      view.enter({ kind: 'leading', lease });
      if (isSameJson(record, known)) view.state = { ...view.state, record };
      else view.accept(record);
      view.tell(); // a call waits for its lease
      begin();
    },
    lapse() {
      if (view.mode.kind === 'leading') view.enter(view.apart());
      view.tell();
    },
    look: () => void dispatch({ type: 'time-passed' }, { look: true }),
    reread: () => void reread(),
    recordChanged(record) {
      if (view.mode.kind === 'leading' || view.mode.kind === 'gone' || view.life.isAborted) return;
      if (record === undefined) {
        view.enter({ kind: 'gone' });
        view.tell();
        return view.broadcast.end();
      }
      if (!isSameJson(record, view.state.record)) view.accept(record);
      borrowing.schedule();
    },
    review() {
      const isLeading = view.mode.kind === 'leading';
      if (isLeading && connection.ended !== undefined) void serial.run(() => steps.handOver(view.apart));
      else if (isLeading && (steps.hasProgress || (steps.behindMs ?? 0) >= SAVE_SCHEDULE_MS)) follower.look();
    },
    troubled() {
      if (view.mode.kind !== 'leading' && worker.trouble !== undefined) steps.warnUnsaved(worker.trouble);
      view.tell();
    },
    async takeUp(claim) {
      if (view.state.record.phase === 'settled') return view.enter({ kind: 'idle', why: 'settled' });
      if (claim !== undefined) {
        follower.lead(claim);
        return serial.settled();
      }
      view.enter(view.apart());
      if (!observe) await worker.claim(follower);
      else if (borrowing.isDue()) await borrowing.borrow();
      if (view.mode.kind !== 'leading') await reread();
      await serial.settled();
    },
    async posted(record) {
      if (view.mode.kind === 'leading') await dispatch({ type: 'time-passed' }, { look: true });
      else follower.recordChanged(record);
    },
    async stop() {
      if (steps.isUnsaved) worker.abandon(id);
      await serial.settled();
      const end: Mode = { kind: 'idle', why: 'left' };
      const given = steps.handOver(() => (view.mode.kind === 'gone' || view.isCallLost ? view.mode : end));
      view.life.abort();
      worker.sort(follower);
      steps.stop();
      view.broadcast.end();
      view.tell();
      await given;
    },
  };
  return follower;
}
