import { errorCodeOf, type Outcome, own } from '@mcp-tasks/client';

/** Exit codes of the process, a contract with scripts. */
export const exitCodes = {
  completed: 0,
  failed: 1,
  usage: 2,
  auth: 3,
  unreachable: 4,
  toolError: 5,
  inputRequired: 6,
  timedOut: 7,
  unknown: 8,
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

export const exitCodeMeanings: ReadonlyArray<readonly [ExitCode, string]> = [
  [0, 'completed'],
  [1, 'failed, cancelled or expired; or a local error'],
  [2, 'usage: an unknown command, target, tool, id or field'],
  [3, 'sign-in needed'],
  [4, 'unreachable; the task goes on and its record stays'],
  [5, 'completed with an error (isError)'],
  [6, 'needs input, and no terminal to ask in'],
  [7, 'timed out waiting, or not finished yet; the task goes on'],
  [8, 'outcome unknown: the call may have run'],
  [130, 'interrupted: detached, nothing was cancelled'],
];

/** Exit code of an outcome; other than `completed`, by the code of its error. */
export function exitCodeOfOutcome(outcome: Outcome): ExitCode {
  if (outcome.status !== 'completed') return exitCodeOfError(errorCodeOf(outcome));
  return outcome.result?.isError === true ? exitCodes.toolError : exitCodes.completed;
}

const byErrorCode: Readonly<Record<string, ExitCode>> = {
  aborted: exitCodes.interrupted,
  'ambiguous-id': exitCodes.usage,
  'answer-invalid': exitCodes.usage,
  'arguments-invalid': exitCodes.usage,
  'auth-required': exitCodes.auth,
  'connection-lost': exitCodes.unknown,
  'input-required': exitCodes.inputRequired,
  'invalid-response': exitCodes.unreachable,
  'not-allowed': exitCodes.usage,
  'not-confirmed': exitCodes.usage,
  'not-found': exitCodes.usage,
  'not-settled': exitCodes.timedOut,
  'question-changed': exitCodes.inputRequired,
  'question-not-open': exitCodes.usage,
  'target-not-found': exitCodes.usage,
  'target-invalid': exitCodes.usage,
  'timed-out': exitCodes.timedOut,
  'tool-not-found': exitCodes.usage,
  unreachable: exitCodes.unreachable,
  unsupported: exitCodes.usage,
  usage: exitCodes.usage,
  'variable-not-set': exitCodes.usage,
};

/** Codes not listed are errors of this machine or of the server: 1. */
export function exitCodeOfError(code: string): ExitCode {
  return own(byErrorCode, code) ?? exitCodes.failed;
}
