import { digestOf } from './digest.ts';
import type { JsonValue } from './json.ts';
import type { LedgerEntry } from './record.ts';
import type { InputRequest } from './task.ts';

type Ledger = Readonly<Record<string, LedgerEntry>>;

export function digestQuestion(request: InputRequest): string {
  return digestOf({ method: request.method, params: request.params } as unknown as JsonValue);
}

/** The entry for a key the server lists: asked once, answered once; a changed question is refused, not answered. */
function nextEntry(entry: LedgerEntry | undefined, request: InputRequest): LedgerEntry {
  const digest = digestQuestion(request);
  if (entry === undefined) return { state: 'open', digest };
  if (entry.digest === digest || entry.state === 'refused') return entry;
  if (entry.state === 'open') return { state: 'open', digest };
  return { state: 'refused', digest, reason: 'the server asks something else under a key that was answered' };
}

/** The ledger after the server listed these questions. Entries of keys no longer listed stay: they may come back. */
export function mergeQuestions(ledger: Ledger, requests: Readonly<Record<string, InputRequest>>): Ledger {
  const next: Record<string, LedgerEntry> = { ...ledger };
  for (const [key, request] of Object.entries(requests)) next[key] = nextEntry(ledger[key], request);
  return next;
}

/** Answers that wait to be acknowledged by the server. */
export function pendingAnswers(ledger: Ledger): Readonly<Record<string, LedgerEntry & { state: 'answering' }>> {
  const pending = Object.entries(ledger).filter(([, entry]) => entry.state === 'answering');
  return Object.fromEntries(pending) as Record<string, LedgerEntry & { state: 'answering' }>;
}

export function acknowledge(ledger: Ledger, keys: readonly string[], at: number): Ledger {
  const next: Record<string, LedgerEntry> = { ...ledger };
  for (const key of keys) {
    const entry = ledger[key];
    if (entry?.state === 'answering') next[key] = { state: 'acknowledged', digest: entry.digest, at };
  }
  return next;
}

/** The server refused the answers themselves: the questions are open again, for a person to answer anew. */
export function reopen(ledger: Ledger, keys: readonly string[]): Ledger {
  const next: Record<string, LedgerEntry> = { ...ledger };
  for (const key of keys) {
    const entry = ledger[key];
    if (entry?.state === 'answering') next[key] = { state: 'open', digest: entry.digest };
  }
  return next;
}
