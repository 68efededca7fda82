import type { Clock } from '../clock.ts';
import type { LifecycleEvent } from '../machine/lifecycle.ts';
import type { Failure } from '../task/failure.ts';
import type { ClientContext } from './client-context.ts';
import type { StepOptions } from './followed-task.ts';
import type { Mode } from './task-mode.ts';
import type { Steps } from './task-steps.ts';
import type { TaskView } from './task-view.ts';

/** After this many failed polls in a row, another process may have a better connection. */
const MAX_FAILURES = 2;
/** Others claim leases once a second: a shorter pause gives them no chance. */
const LEAST_MS = 1_100;
const FIRST_MS = 500;
const MOST_MS = 60_000;
const STANDING_BACK: Mode = { kind: 'following', standsBack: true };

export interface StandingBack {
  readonly view: TaskView;
  readonly steps: Steps;
  readonly around: Pick<ClientContext, 'clock' | 'standsBack'>;
  wakeAt(at: number): void;
}

/**
 * Releases the lease after a failed poll, if the server is unreachable from this process. The lease is claimed again
 * when the next poll is due, when the connection reopens, or when a request is to be sent.
 */
export async function standBack(event: LifecycleEvent, { standBack = false }: StepOptions, task: StandingBack) {
  const { view, steps, around } = task;
  if (event.type !== 'poll-failed' || !around.standsBack() || !isOutOfReach(event.failure)) return;
  const { mode, state } = view;
  if (mode.kind !== 'leading' || mode.lease.unsaved === true || state.record.phase !== 'open') return;
  const { polling, failures } = state;
  const isSignedOut = polling.kind === 'stopped' && polling.why === 'auth';
  const isOften = failures >= MAX_FAILURES && polling.kind === 'due' && polling.at - around.clock.now() >= LEAST_MS;
  if (!standBack && !isSignedOut && !isOften) return;
  // A request in flight may still arrive: another process would send it twice.
  if (steps.requestsInFlight() !== undefined) return;
  await steps.handOver(() => STANDING_BACK);
  if (polling.kind === 'due') task.wakeAt(nextClaimAt(polling.at, failures, around.clock));
}

/** Ends standing back. False if `standBack` had not released the lease. */
export function endStandBack(view: TaskView): boolean {
  if (view.mode.kind !== 'following' || view.mode.standsBack !== true || view.life.isAborted) return false;
  view.enter(view.modeWithoutLease());
  return true;
}

function nextClaimAt(dueAt: number, failures: number, clock: Clock): number {
  const now = clock.now();
  const pauseMs = Math.min(MOST_MS, FIRST_MS * 2 ** Math.max(0, failures - 1));
  return Math.max(now + LEAST_MS, Math.min(dueAt, now + pauseMs));
}

/** A server's error response is the same for other processes; a missing sign-in may not be. */
function isOutOfReach({ kind }: Failure): boolean {
  return kind === 'transport' || kind === 'timeout' || kind === 'auth';
}
