import type { About, Failure, Verdict } from '../../task/failure.ts';

const TASK_NOT_FOUND = -32001;
/** Unsupported operations, also for this task, and requests that the server did not understand. */
const REFUSALS: ReadonlySet<number | null> = new Set([
  TASK_NOT_FOUND,
  -32002,
  -32003,
  -32004,
  -32005,
  -32007,
  -32008,
  -32009,
  -32600,
  -32601,
  -32602,
  -32700,
]);

/** The verdict on a failure, for a task of an agent (A2A, "Error Handling"). */
export function judge(failure: Failure, about: About): Verdict {
  if (failure.kind === 'auth' || failure.kind === 'aborted') return failure.kind;
  switch (about) {
    case 'call':
      if (failure.kind === 'rpc') return REFUSALS.has(failure.code) ? 'refused' : 'failed';
      return isRefusedByHttp(failure) ? 'refused' : 'retry';
    case 'get':
    case 'result':
      return isGone(failure) ? 'expired' : 'retry';
    case 'update':
    case 'cancel':
      if (isGone(failure)) return 'expired'; // the next poll decides whether the task is gone
      return (failure.kind === 'rpc' && REFUSALS.has(failure.code)) || isRefusedByHttp(failure) ? 'refused' : 'retry';
    case 'push':
      return hasNoStreams(failure) ? 'refused' : 'retry';
  }
}

function isGone(failure: Failure): boolean {
  return failure.kind === 'rpc' && failure.code === TASK_NOT_FOUND;
}

/** 408 and 429 are not refusals: the request may be repeated later. */
function isRefusedByHttp(failure: Failure): boolean {
  return (
    failure.kind === 'http' && failure.status >= 300 && failure.status < 500 && ![408, 429].includes(failure.status)
  );
}

/** True only for errors that mean that the server has no streams: a finished task has none either. */
function hasNoStreams(failure: Failure): boolean {
  if (failure.kind === 'rpc') return failure.code === null || failure.code === -32601;
  return failure.kind === 'http' && [405, 415, 501].includes(failure.status);
}
