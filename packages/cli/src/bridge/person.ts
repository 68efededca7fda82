import { own, type TaskRecord } from '@mcp-tasks/client';

/** An answer that comes sooner after its question was shown was given by no person. */
export const PERSON_MS = 1_000;

/** A question may wait for its person as long as a timer can. */
export const QUESTION_TIMEOUT_MS = 2 ** 31 - 1;

/** Tells a question from another one under the same key. */
export function digestOfQuestion({ ledger }: TaskRecord, key: string): string | undefined {
  return own(ledger, key)?.digest;
}
