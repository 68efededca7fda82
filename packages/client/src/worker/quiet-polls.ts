import type { Moment } from '../machine/lifecycle-state.ts';
import { MAX_TIMER_MS } from '../machine/poll-pace.ts';
import { isUnchanged, noteAnswer, noteOut } from '../machine/quiet-poll.ts';
import type { TaskSnapshot } from '../task/task.ts';
import type { TaskView } from './task-view.ts';

/** The next action of a steady task: `poll`, or the instant to wait for. Undefined: the lifecycle decides. */
export function wakeQuietly(view: TaskView, now: number): 'poll' | number | undefined {
  const { times } = view;
  if (times === undefined || times.isOut || now < times.seenAt) return undefined;
  if (times.dueAt > now) return Math.min(times.dueAt, now + MAX_TIMER_MS);
  noteOut(times, now);
  view.markTimesMoved();
  return 'poll';
}

/** Applies a poll without news, and returns the instant of the next one. Undefined: the lifecycle decides. */
export function observeQuietly(view: TaskView, snapshot: TaskSnapshot, moment: Moment): number | undefined {
  const { times, known } = view;
  if (times === undefined || !times.isOut || moment.now < times.seenAt) return undefined;
  if (!isUnchanged(known.record, snapshot, moment.now)) return undefined;
  noteAnswer(times, known, moment);
  view.markTimesMoved();
  return Math.min(times.dueAt, moment.now + MAX_TIMER_MS);
}
