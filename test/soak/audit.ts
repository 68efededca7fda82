import type { TaskRecord } from '@mcp-tasks/client';
import { auditAnswers } from './audit-answers.ts';
import { auditCalls } from './audit-calls.ts';
import { auditOutcomes } from './audit-outcomes.ts';
import type { Entry } from './journal.ts';
import type { ServerTask } from './server-ledger.ts';
import type { Passage, SentAnswer } from './wire-ledger.ts';

/** All logs of the servers, the clients and the proxy between them. */
export interface Ledgers {
  readonly records: readonly TaskRecord[];
  readonly tasks: readonly ServerTask[];
  readonly passages: readonly Passage[];
  readonly others: readonly string[];
  readonly answers: readonly SentAnswer[];
  readonly journal: readonly Entry[];
  readonly crashes: readonly string[];
}

/** Findings that must be empty, one sentence each. */
export type Findings = Readonly<Record<Zero, readonly string[]>>;

export const ZEROS = [
  'lost',
  'duplicate calls',
  'duplicate answers',
  'answers nobody gave',
  'questions asked twice',
  'cancels nobody asked for',
  "outcomes that differ from the server's",
  'ended on the server, open in the record',
  'client processes that ended by themselves',
] as const;
export type Zero = (typeof ZEROS)[number];

export function isFound(findings: Findings): boolean {
  return ZEROS.some((zero) => findings[zero].length > 0);
}

export function audit(ledgers: Ledgers): Findings {
  return {
    ...auditCalls(ledgers),
    ...auditAnswers(ledgers),
    ...auditOutcomes(ledgers),
    'client processes that ended by themselves': ledgers.crashes,
  };
}

export function nonceOf(record: TaskRecord): string {
  return String(record.arguments.soak);
}

/** JSON with sorted keys, without the wire-only fields `_meta` and `resultType`. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (key, each: unknown) => {
    if (key === '_meta' || key === 'resultType') return undefined;
    if (typeof each !== 'object' || each === null || Array.isArray(each)) return each;
    return Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
