import { own, type TaskRecord } from '@mcp-tasks/client';

/** Minimum time from showing a question to an answer of a person, in ms: a faster answer came from a program. */
export const PERSON_MS = 1_000;

/** Longest delay of a timer, in ms: a question waits for its person. */
export const QUESTION_TIMEOUT_MS = 2 ** 31 - 1;

/** The digest of the question under this key, which changes with the question. */
export function digestOfQuestion({ ledger }: TaskRecord, key: string): string | undefined {
  return own(ledger, key)?.digest;
}
