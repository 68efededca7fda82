import { type Clock, monotonicNow } from '../clock.ts';
import type { Member } from './store-member.ts';

/** A schedule that is only in memory is saved after this time. */
const SAVE_SCHEDULE_MS = 55_000;

/** When a member is reviewed: `soon`, at the next heartbeat, or `later`, when its schedule has to be saved. */
export type ReviewTime = 'soon' | 'later';

/** The members with unsaved changes. A heartbeat checks only those that are due, not every task. */
export interface Reviews {
  plan(member: Member, time: ReviewTime): void;
  /** Removes and returns the members that are due. */
  takeDue(): readonly Member[];
  clear(): void;
}

export function createReviews(clock: Clock): Reviews {
  const soon = new Set<Member>();
  /** In the order of their instants. */
  const later = new Map<Member, number>();

  return {
    plan(member, time) {
      if (time === 'soon') soon.add(member);
      else if (!later.has(member)) later.set(member, monotonicNow(clock) + SAVE_SCHEDULE_MS);
    },
    takeDue() {
      const due = new Set(soon);
      soon.clear();
      const now = monotonicNow(clock);
      for (const [member, at] of later) {
        if (at > now) break;
        later.delete(member);
        due.add(member);
      }
      return [...due];
    },
    clear() {
      soon.clear();
      later.clear();
    },
  };
}
