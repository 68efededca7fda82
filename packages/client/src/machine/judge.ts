import type { Failure } from '../task/failure.ts';

/** What a failed request about a task means for the task. */
export type Verdict = 'retry' | 'expired' | 'auth' | 'our-bug' | 'no-tasks' | 'aborted';

/** Classifies the failure of `tasks/get`: the only place that decides what may be retried. */
export function judge(failure: Failure): Verdict {
  switch (failure.kind) {
    case 'auth':
      return 'auth';
    case 'session-gone':
      return 'expired';
    case 'aborted':
      return 'aborted';
    case 'rpc':
      if (failure.code === -32602) return 'expired';
      if (failure.code === -32601) return 'no-tasks';
      // Missing capability (also its older code), header mismatch, unsupported version: what we sent is wrong.
      if ([-32021, -32003, -32020, -32022].includes(failure.code)) return 'our-bug';
      return 'retry';
    default:
      return 'retry';
  }
}
