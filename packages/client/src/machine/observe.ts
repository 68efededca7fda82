import { isJsonObject } from '../task/json.ts';
import { own } from '../task/own.ts';
import { expiryOf, type HistoryEntry, type TaskRecord } from '../task/record.ts';
import { isTerminal, type Outcome, type ProtocolError, type TaskSnapshot } from '../task/task.ts';
import { toolResultOf } from '../task/tool-result.ts';
import { confirm, mergeQuestions, reopen } from './questions.ts';

const HISTORY_LIMIT = 200;
const LINGERING_MS = 60_000;
/** How long a task may wait for input without a question before a warning. */
const MISSING_QUESTION_MS = 10_000;
/** Ignore out-of-order polls up to 60 s; a larger gap means the server clock moved back. */
const OVERTAKEN_MS = 60_000;

function withHistoryEntry(record: TaskRecord, entry: HistoryEntry): readonly HistoryEntry[] {
  const last = record.history.at(-1);
  if (last?.status === entry.status && last.message === entry.message) return record.history;
  return [...record.history, entry].slice(-HISTORY_LIMIT);
}

/**
 * Settles the record: the outcome is final. Open questions and unacknowledged answers are deleted, so that no secret
 * remains.
 */
export function settle(record: TaskRecord, outcome: Outcome, now: number): TaskRecord {
  const status = outcome.status === 'expired' ? 'expired' : isTerminal(record.status) ? record.status : endOf(outcome);
  const ledger = confirm(reopen(record.ledger, Object.keys(record.ledger)));
  return {
    ...record,
    phase: 'settled',
    status: status === 'expired' ? record.status : status,
    updatedAt: now,
    nextPollAt: undefined,
    inputRequests: {},
    ledger,
    contact: undefined,
    trouble: outcome.status === 'expired' ? outcome.error?.message : undefined,
    history: withHistoryEntry(record, { at: now, status, message: outcome.error?.message ?? record.statusMessage }),
    outcome,
  };
}

function endOf(outcome: Outcome): 'completed' | 'failed' | 'cancelled' | 'unknown' {
  const { status } = outcome;
  return status === 'completed' || status === 'failed' || status === 'cancelled' ? status : 'unknown';
}

/** One observation of a task, from a poll or a notification. */
interface Seen {
  readonly snapshot: TaskSnapshot;
  readonly polled: boolean;
  readonly now: number;
}

/** The snapshot is of another task, or older than the record. */
export function isStale(record: TaskRecord, { snapshot, polled, now }: Seen): boolean {
  if (record.taskId !== null && record.taskId !== snapshot.taskId) return true;
  if (polled && now - record.observedAt > OVERTAKEN_MS) return false;
  if (record.serverUpdatedAt === snapshot.lastUpdatedAt) return false;
  const before = Date.parse(record.serverUpdatedAt ?? '');
  const after = Date.parse(snapshot.lastUpdatedAt ?? '');
  return after < before; // both by the server's clock; false unless both are dates
}

/** The record after a snapshot. Late, foreign and out-of-order snapshots change nothing. */
export function observe(record: TaskRecord, seen: Seen): TaskRecord {
  if (isTerminal(record.status) || isStale(record, seen)) return record;
  const { snapshot, now } = seen;
  const begun = record.taskId === null;
  const inputRequests = snapshot.inputRequests ?? keptQuestions(record, snapshot);
  // Questions before the task and questions of the task are separate, also under the same key.
  const asked = mergeQuestions(begun ? {} : record.ledger, inputRequests);
  const ledger = snapshot.status === 'input_required' ? asked : confirm(asked);
  const seenRecord: TaskRecord = {
    ...record,
    taskId: snapshot.taskId,
    context: snapshot.context ?? record.context,
    carried: snapshot.carried ?? record.carried,
    phase: 'open',
    status: snapshot.status,
    statusMessage: snapshot.statusMessage,
    updatedAt: now,
    observedAt: now,
    begunAt: record.begunAt ?? now,
    serverCreatedAt: snapshot.createdAt ?? record.serverCreatedAt,
    serverUpdatedAt: snapshot.lastUpdatedAt ?? record.serverUpdatedAt,
    ttlMs: snapshot.ttlMs === undefined ? record.ttlMs : snapshot.ttlMs,
    pollIntervalMs: snapshot.pollIntervalMs,
    inputRequests,
    ledger,
    requestState: undefined,
    contact: undefined,
    history: withHistoryEntry(record, { at: now, status: snapshot.status, message: snapshot.statusMessage }),
  };
  const trouble =
    oddSnapshot(snapshot, record.trouble) ??
    lingeringQuestion(seenRecord, now) ??
    missingQuestion(seenRecord, snapshot, now) ??
    overdue(seenRecord, now);
  const next = { ...seenRecord, trouble };
  const outcome = outcomeOf(snapshot);
  return outcome === undefined ? next : settle(next, outcome, now);
}

/** Keeps questions that came as server requests while the task waits for input. */
function keptQuestions(record: TaskRecord, snapshot: TaskSnapshot): TaskRecord['inputRequests'] {
  if (snapshot.status !== 'input_required') return {};
  const kept = Object.entries(record.inputRequests).filter(
    ([key]) => own(record.ledger, key)?.state !== 'acknowledged',
  );
  return Object.fromEntries(kept);
}

/** The warning about an odd snapshot. While the same unknown status lasts, the first poll's warning is kept. */
function oddSnapshot(snapshot: TaskSnapshot, before: string | undefined): string | undefined {
  if (!isTerminal(snapshot.status) && snapshot.error !== undefined) return snapshot.error.message;
  if (snapshot.status !== 'unknown') return undefined;
  const status = isJsonObject(snapshot.raw) ? JSON.stringify(snapshot.raw.status)?.slice(0, 100) : undefined;
  const what = `The server sent a status that the protocol does not know: ${status ?? 'none'} in `;
  return before?.startsWith(what) ? before : `${what}${JSON.stringify(snapshot.raw)?.slice(0, 500)}`;
}

/** The warning about a task that waits for input and has never listed a question. */
function missingQuestion(
  { status, ledger, history }: TaskRecord,
  snapshot: TaskSnapshot,
  now: number,
): string | undefined {
  if (status !== 'input_required' || snapshot.inputRequests === undefined) return undefined;
  if (Object.keys(ledger).length > 0 || now - (history.at(-1)?.at ?? now) < MISSING_QUESTION_MS) return undefined;
  return 'The server needs input but lists no question that can be answered here';
}

/** The warning about a question still listed long after its answer was acknowledged. */
function lingeringQuestion({ inputRequests, ledger }: TaskRecord, now: number): string | undefined {
  const key = Object.keys(inputRequests).find((each) => {
    const entry = own(ledger, each);
    return entry?.state === 'acknowledged' && now - entry.at > LINGERING_MS;
  });
  if (key === undefined) return undefined;
  return `Question "${key}" was answered, but the server has not continued; it can be answered again`;
}

/** A warning only: the server decides when it drops the task. */
function overdue(record: TaskRecord, now: number): string | undefined {
  const expiresAt = expiryOf(record);
  if (expiresAt === undefined || now <= expiresAt || isTerminal(record.status)) return undefined;
  return 'The task is past its time to live by the local clock; the server still has it, and may delete it at any time';
}

function errorOfMissing({ status, statusMessage, error, raw }: TaskSnapshot, missing: string): ProtocolError {
  const message = error?.message ?? `${statusMessage ?? 'The task'} (${status}, and the server sent no ${missing})`;
  return { code: null, message, data: raw };
}

/** Undefined while the task runs, or while its result has to be fetched. */
function outcomeOf(snapshot: TaskSnapshot): Outcome | undefined {
  if (snapshot.status === 'cancelled') return { status: 'cancelled' };
  if (!isTerminal(snapshot.status) || snapshot.inputRequests === undefined) return undefined;
  const { status, result, error } = snapshot;
  if (status === 'completed' && result !== undefined) return { status, result: toolResultOf(result) };
  // Completed without a result is not a success: the outcome carries the body as received.
  if (status === 'completed') return { status: 'unknown', error: errorOfMissing(snapshot, 'result') };
  const kept = result === undefined ? undefined : toolResultOf(result);
  return { status: 'failed', result: kept, error: error ?? errorOfMissing(snapshot, 'error') };
}
