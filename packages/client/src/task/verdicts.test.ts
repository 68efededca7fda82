import { expect, test } from 'vitest';
import { errorCodeOf, outcomeOfFailure } from './verdicts.ts';

test.each([
  ['retry', 'unreachable', 'unreachable'],
  ['expired', 'expired', 'task-expired'],
  ['auth', 'auth_required', 'auth-required'],
  ['refused', 'failed', 'task-failed'],
  ['failed', 'failed', 'task-failed'],
  ['needs-task', 'failed', 'task-failed'],
  ['no-tasks', 'unknown', 'connection-lost'],
  ['our-bug', 'unknown', 'connection-lost'],
  ['aborted', 'detached', 'aborted'],
] as const)('the verdict %s ends a task as %s, with the code %s', (verdict, status, code) => {
  const outcome = outcomeOfFailure({ kind: 'rpc', code: -32603, message: 'no', verdict });
  expect(outcome.status).toBe(status);
  expect(errorCodeOf(outcome)).toBe(code);
});

test('an outcome has the error of the failure, except `auth_required` and `detached`', () => {
  const rpc = { kind: 'rpc', code: -32602, message: 'gone', data: 1 } as const;
  expect(outcomeOfFailure({ ...rpc, verdict: 'expired' }).error).toEqual({ code: -32602, message: 'gone', data: 1 });
  const http = { kind: 'http', status: 503, message: '503' } as const;
  expect(outcomeOfFailure({ ...http, verdict: 'retry' }).error).toEqual({
    code: null,
    message: '503',
    httpStatus: 503,
  });
  const gone = { kind: 'session-gone', message: 'no session' } as const;
  expect(outcomeOfFailure({ ...gone, verdict: 'expired' }).error).toMatchObject({ httpStatus: 404 });
  for (const verdict of ['auth', 'aborted'] as const)
    expect(outcomeOfFailure({ ...rpc, verdict }).error).toBeUndefined();
});
