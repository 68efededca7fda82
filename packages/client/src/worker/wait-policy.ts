import type { Outcome } from '../task/task.ts';
import type { Follower } from './followed-task.ts';

/** The reason to stop waiting without an end; null while there is none. */
export type StopCheck = () => Outcome | null;

/** After an outcome that is not the end, another wait counts only failures since then. */
export class WaitPolicy {
  readonly #follower: Follower;
  readonly #maxFailures: number;
  #reported: Outcome | null = null;
  #failuresReported: number;

  constructor(follower: Follower, maxFailures: number) {
    this.#follower = follower;
    this.#maxFailures = maxFailures;
    this.#failuresReported = follower.failures;
  }

  /** Begins one more wait. */
  begin(): StopCheck {
    const follower = this.#follower;
    const known = this.#reported;
    let since = this.#failuresReported;
    if (known !== null && follower.blocked === known) void follower.dispatch({ type: 'resumed' });
    return () => {
      const { blocked, failures } = follower;
      since = Math.min(since, failures); // the server responded meanwhile: count from then
      // A lost call or a deleted record is permanent: each wait ends with it.
      if (blocked?.status === 'unknown') return blocked;
      if (blocked === null || blocked === known) return null;
      const isOfPolls = blocked.status === 'unreachable' && !follower.isCutOff;
      if (isOfPolls && failures < since + this.#maxFailures) return null;
      this.#reported = blocked;
      this.#failuresReported = failures;
      return blocked;
    };
  }
}
