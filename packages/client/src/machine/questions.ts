import { own, withEntries } from '../task/own.ts';
import { digestQuestion, wordsOf } from '../task/question.ts';
import type { LedgerEntry } from '../task/record.ts';
import type { InputRequest } from '../task/task.ts';

/** The message about an answer whose question is no longer open. */
export const LAPSED = 'The task continued; the server did not confirm your answer';

type Ledger = Readonly<Record<string, LedgerEntry>>;

/** The audience of a key outlives a change of its question. */
const withAudience = ({ audience }: LedgerEntry) => (audience === undefined ? {} : { audience });
const withAuthor = ({ by }: LedgerEntry) => (by === undefined ? {} : { by });

/** The entry of a listed key: asked once, answered once; a changed question is refused, not answered. */
function nextEntry(entry: LedgerEntry | undefined, request: InputRequest): LedgerEntry {
  const digest = digestQuestion(request);
  if (entry === undefined) return { state: 'open', digest, words: wordsOf(request) };
  if (entry.digest === digest) return entry;
  const words = wordsOf(request);
  if (entry.state === 'open') return { state: 'open', digest, words, ...withAudience(entry) };
  const answered = entry.words === undefined ? 'a question' : JSON.stringify(entry.words);
  const reason = `Key reused: ${answered} was answered; the server now asks ${JSON.stringify(words)}`;
  const isAnswered = entry.state === 'acknowledged' || (entry.state === 'refused' && entry.isAnswered === true);
  const shown = { words: entry.words, reason, ...(isAnswered ? { isAnswered } : {}) };
  return { state: 'refused', digest, ...shown, ...withAudience(entry) };
}

/** The ledger after the server listed these questions. Entries of unlisted keys stay: they may come back. */
export function mergeQuestions(ledger: Ledger, requests: Readonly<Record<string, InputRequest>>): Ledger {
  const merged = Object.entries(requests).map(([key, request]) => [key, nextEntry(own(ledger, key), request)] as const);
  return withEntries(ledger, merged);
}

/** Answers that the server has not acknowledged. */
export function pendingAnswers(ledger: Ledger): Readonly<Record<string, LedgerEntry & { state: 'answering' }>> {
  const pending = Object.entries(ledger).filter(([, entry]) => entry.state === 'answering');
  return Object.fromEntries(pending) as Record<string, LedgerEntry & { state: 'answering' }>;
}

function replaceAnswering(
  ledger: Ledger,
  keys: readonly string[],
  next: (entry: LedgerEntry & { state: 'answering' }, key: string) => LedgerEntry,
): Ledger {
  const entries = Object.entries(ledger).map(([key, entry]): [string, LedgerEntry] =>
    entry.state === 'answering' && keys.includes(key) ? [key, next(entry, key)] : [key, entry],
  );
  return Object.fromEntries(entries);
}

/** `keep` retains the answers until the task continues: their stream may still lose them. */
export function acknowledge(ledger: Ledger, keys: readonly string[], at: number, keep = false): Ledger {
  return replaceAnswering(ledger, keys, (entry) => {
    const { digest, words, response, givenAt = entry.since } = entry;
    const done = {
      state: 'acknowledged',
      digest,
      words,
      at,
      givenAt,
      ...withAudience(entry),
      ...withAuthor(entry),
    } as const;
    return keep ? { ...done, response } : done;
  });
}

/** The task continued, so its answers have arrived: drops their copies. */
export function confirm(ledger: Ledger): Ledger {
  const entries = Object.entries(ledger).map(([key, entry]): [string, LedgerEntry] => {
    if (entry.state !== 'acknowledged' || entry.response === undefined) return [key, entry];
    const { response: _, ...rest } = entry;
    return [key, rest];
  });
  return Object.fromEntries(entries);
}

/** A new stream asks an answered question again: the answer was lost, and is sent again. */
export function answerAgain(ledger: Ledger, key: string, since: number): Ledger {
  const entry = own(ledger, key);
  if (entry?.state !== 'acknowledged' || entry.response === undefined) return ledger;
  const { digest, words, response, givenAt } = entry;
  const given = { response, since, ...(givenAt !== undefined && { givenAt }) };
  const again = { state: 'answering', digest, words, ...given, ...withAudience(entry), ...withAuthor(entry) } as const;
  return withEntries(ledger, [[key, again]]);
}

/** Marks answers as sent now. */
export function markSent(ledger: Ledger, keys: readonly string[], sentAt: number): Ledger {
  return replaceAnswering(ledger, keys, (entry) => ({ ...entry, sentAt }));
}

/** The server refused the answers: the questions are open again, for a person to answer anew. */
export function reopen(ledger: Ledger, keys: readonly string[]): Ledger {
  return replaceAnswering(ledger, keys, (entry) => {
    const { digest, words } = entry;
    return { state: 'open', digest, words, ...withAudience(entry) };
  });
}
