import { type Clock, monotonicNow } from '../clock.ts';

/** An instant by both clocks: the monotonic clock stops while a machine sleeps, and the wall clock can be set. */
export interface Instant {
  readonly monotonic: number;
  readonly wall: number;
}

export function instantOf(clock: Clock): Instant {
  return { monotonic: monotonicNow(clock), wall: clock.now() };
}

/** The time since then, in ms: the larger of both clocks. */
export function ageOf({ monotonic, wall }: Instant, clock: Clock): number {
  return Math.max(monotonicNow(clock) - monotonic, clock.now() - wall);
}
