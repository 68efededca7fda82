import type { About, Failure, Verdict } from '../../task/failure.ts';
import type { TaskDialect } from '../dialect.ts';
import type { JobMapping } from './mapping.ts';
import { isFound } from './tool-answer.ts';

/** The verdict on a failed request to a mapped tool; a job outlives the connection. */
export function judgeJob(failure: Failure, about: About, mapping: JobMapping, base: TaskDialect): Verdict {
  if (failure.kind === 'auth' || failure.kind === 'aborted') return failure.kind;
  switch (about) {
    case 'call': {
      const verdict = base.judge(failure, about);
      return verdict === 'needs-task' ? 'refused' : verdict;
    }
    case 'update':
    case 'cancel':
      return failure.kind === 'rpc' ? 'refused' : 'retry';
    case 'push':
      return 'refused';
    case 'get':
    case 'result': {
      const { missing } = mapping.status;
      if (failure.kind !== 'rpc' || typeof missing !== 'string') return 'retry';
      return isFound(missing, failure.message) ? 'expired' : 'retry';
    }
  }
}
