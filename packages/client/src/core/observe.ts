import { mergeQuestions } from './questions.ts';
import type { HistoryEntry, TaskRecord } from './record.ts';
import { isTerminal, type Outcome, type TaskSnapshot } from './task.ts';

const HISTORY_LIMIT = 200;

function noted(record: TaskRecord, entry: HistoryEntry): readonly HistoryEntry[] {
  const last = record.history.at(-1);
  if (last?.status === entry.status && last.message === entry.message) return record.history;
  return [...record.history, entry].slice(-HISTORY_LIMIT);
}

/** The outcome is final: the questions go, unsent answers too, since nothing secret may outlive its use. */
export function settle(record: TaskRecord, outcome: Outcome, now: number): TaskRecord {
  const status = outcome.status === 'expired' ? 'expired' : isTerminal(record.status) ? record.status : endOf(outcome);
  const ledger = Object.fromEntries(
    Object.entries(record.ledger).map(([key, entry]) =>
      entry.state === 'answering'
        ? [key, { state: 'acknowledged' as const, digest: entry.digest, at: now }]
        : [key, entry],
    ),
  );
  return {
    ...record,
    phase: 'settled',
    status: status === 'expired' ? record.status : status,
    updatedAt: now,
    nextPollAt: undefined,
    inputRequests: {},
    ledger,
    trouble: outcome.status === 'expired' ? outcome.error?.message : undefined,
    history: noted(record, { at: now, status, message: outcome.error?.message ?? record.statusMessage }),
    outcome,
  };
}

function endOf(outcome: Outcome): 'completed' | 'failed' | 'cancelled' | 'unknown' {
  const { status } = outcome;
  return status === 'completed' || status === 'failed' || status === 'cancelled' ? status : 'unknown';
}

function isStale(record: TaskRecord, snapshot: TaskSnapshot): boolean {
  if (record.taskId !== null && record.taskId !== snapshot.taskId) return true;
  const before = Date.parse(record.serverUpdatedAt ?? '');
  const after = Date.parse(snapshot.lastUpdatedAt ?? '');
  return after < before; // both by the server's clock; false where either is no date
}

/** What the record says after the server said this. Late, foreign and out-of-order snapshots change nothing. */
export function observe(record: TaskRecord, snapshot: TaskSnapshot, now: number): TaskRecord {
  if (isTerminal(record.status) || isStale(record, snapshot)) return record;
  const begun = record.taskId === null;
  const inputRequests = snapshot.inputRequests ?? keepOpen(record, snapshot);
  // The questions before the task and those of the task are separate, also under the same key.
  const ledger = mergeQuestions(begun ? {} : record.ledger, inputRequests);
  const next: TaskRecord = {
    ...record,
    taskId: snapshot.taskId,
    phase: 'open',
    status: snapshot.status,
    statusMessage: snapshot.statusMessage,
    updatedAt: now,
    observedAt: now,
    serverCreatedAt: snapshot.createdAt ?? record.serverCreatedAt,
    serverUpdatedAt: snapshot.lastUpdatedAt ?? record.serverUpdatedAt,
    ttlMs: snapshot.ttlMs === undefined ? record.ttlMs : snapshot.ttlMs,
    pollIntervalMs: snapshot.pollIntervalMs,
    inputRequests,
    ledger,
    requestState: undefined,
    trouble: oddity(snapshot),
    history: noted(record, { at: now, status: snapshot.status, message: snapshot.statusMessage }),
  };
  const outcome = outcomeOf(snapshot);
  return outcome === undefined ? next : settle(next, outcome, now);
}

/** Questions that came as requests (2025-11-25) stay while the task waits for input. */
function keepOpen(record: TaskRecord, snapshot: TaskSnapshot): TaskRecord['inputRequests'] {
  if (snapshot.status !== 'input_required') return {};
  const kept = Object.entries(record.inputRequests).filter(([key]) => record.ledger[key]?.state !== 'acknowledged');
  return Object.fromEntries(kept);
}

function oddity(snapshot: TaskSnapshot): string | undefined {
  if (snapshot.status !== 'unknown') return undefined;
  return `The server sent a status that the protocol does not know: ${JSON.stringify(snapshot.raw)?.slice(0, 500)}`;
}

/** Undefined while the task goes on, or while its result has to be fetched apart. */
function outcomeOf(snapshot: TaskSnapshot): Outcome | undefined {
  if (snapshot.status === 'cancelled') return { status: 'cancelled' };
  if (!isTerminal(snapshot.status) || snapshot.inputRequests === undefined) return undefined;
  const missing = snapshot.status === 'completed' ? snapshot.result === undefined : snapshot.error === undefined;
  const complaint = {
    code: -32603,
    message: `${snapshot.statusMessage ?? 'The task'} (${snapshot.status}, and the server sent no ${snapshot.status === 'completed' ? 'result' : 'error'})`,
    data: snapshot.raw,
  };
  const { status, result } = snapshot;
  return { status, result, error: snapshot.error ?? (missing ? complaint : undefined) };
}
