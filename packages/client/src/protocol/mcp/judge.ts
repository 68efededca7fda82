import type { About, Failure, Verdict } from '../../task/failure.ts';

const INVALID_PARAMS = -32602;
const METHOD_NOT_FOUND = -32601;
const INVALID_REQUEST = -32600;
const PARSE_ERROR = -32700;
/** Missing capability (also its older code), header mismatch, unsupported version: our request is wrong. */
const OUR_BUGS: readonly (number | null)[] = [-32021, -32003, -32020, -32022];
/** The server did not understand or allow the request. Any other error may come from the running tool. */
const REFUSALS: readonly (number | null)[] = [
  PARSE_ERROR,
  INVALID_REQUEST,
  METHOD_NOT_FOUND,
  INVALID_PARAMS,
  ...OUR_BUGS,
];
/** "This tool is only called as a task": from the specification, and from servers on SDK 1.x. */
export const NEEDS_TASK: readonly (number | null)[] = [METHOD_NOT_FOUND, INVALID_REQUEST];

/** The verdict on a failure, in either revision of MCP. */
export function judge(failure: Failure, about: About): Verdict {
  if (failure.kind === 'auth' || failure.kind === 'aborted') return failure.kind;
  switch (about) {
    case 'call':
      return judgeCall(failure);
    case 'push':
      return isRefusedByHttp(failure) || failure.kind === 'rpc' ? 'refused' : 'retry';
    case 'cancel':
      // The code means unknown, expired or already finished.
      if (failure.kind === 'rpc') return failure.code === INVALID_PARAMS ? 'expired' : 'refused';
      return 'retry';
    case 'update': {
      const verdict = failure.kind === 'rpc' ? judgeError(failure.code) : 'retry';
      return verdict === 'no-tasks' || verdict === 'our-bug' ? 'refused' : verdict;
    }
    case 'get':
    case 'result':
      if (failure.kind === 'session-gone') return 'expired';
      return failure.kind === 'rpc' ? judgeError(failure.code) : 'retry';
  }
}

function judgeError(code: number | null): Verdict {
  if (code === INVALID_PARAMS) return 'expired';
  if (code === METHOD_NOT_FOUND) return 'no-tasks';
  return OUR_BUGS.includes(code) ? 'our-bug' : 'retry';
}

/** An error response, from the server or a proxy, ends a call. */
function judgeCall(failure: Failure): Verdict {
  if (failure.kind === 'rpc') return REFUSALS.includes(failure.code) ? 'refused' : 'failed';
  if (failure.kind === 'http') return failure.status >= 300 && failure.status < 500 ? 'refused' : 'retry';
  return failure.kind === 'session-gone' ? 'refused' : 'retry';
}

/** A 429 is not a refusal: the request may be repeated later. */
function isRefusedByHttp(failure: Failure): boolean {
  return failure.kind === 'http' && failure.status >= 400 && failure.status < 500 && failure.status !== 429;
}
