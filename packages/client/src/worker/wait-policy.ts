import type { Outcome } from '../task/task.ts';
import type { Follower } from './followed-task.ts';

/** The reason to stop waiting without an end; null while there is none. */
export type Look = () => Outcome | null;

/** After an outcome that is not the end, a second wait counts only failures since the first. */
export class Patience {
  readonly #follower: Follower;
  readonly #maxFailures: number;
  #told: Outcome | null = null;
  #toldAt: number;

  constructor(follower: Follower, maxFailures: number) {
    this.#follower = follower;
    this.#maxFailures = maxFailures;
    this.#toldAt = follower.failures;
  }

  /** Begins one more wait. */
  begin(): Look {
    const follower = this.#follower;
    const known = this.#told;
    let since = this.#toldAt;
    if (known !== null && follower.condition === known) void follower.dispatch({ type: 'resumed' });
    return () => {
      const { condition, failures } = follower;
      since = Math.min(since, failures); // the server responded meanwhile: count from then
      // A lost call or a deleted record is permanent: each wait ends with it.
      if (condition?.status === 'unknown') return condition;
      if (condition === null || condition === known) return null;
      const isOfPolls = condition.status === 'unreachable' && !follower.isCutOff;
      if (isOfPolls && failures < since + this.#maxFailures) return null;
      this.#told = condition;
      this.#toldAt = failures;
      return condition;
    };
  }
}
