import type { JsonObject } from './json.ts';
import type { InputRequest, InputResponse, Outcome, TaskStatus } from './task.ts';

export const RECORD_VERSION = 1;

/** How to reach a server again. Never holds header values, tokens or environment values. */
export type Target =
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'command'; readonly command: string; readonly args: readonly string[]; readonly cwd?: string }
  /** A client that a host connected itself: only that host can reconnect it. */
  | { readonly kind: 'host'; readonly name: string };

export interface ServerIdentity {
  /** A digest of the target without secrets; with revision, account and task id it makes a record unique. */
  readonly fingerprint: string;
  /** For people: a host name, a command, or the name in a configuration file. */
  readonly label: string;
  readonly target: Target;
  /** Whom the server knows us as, when that is known; never a secret. */
  readonly account?: string | undefined;
}

/** One key of the question ledger: open → answering → acknowledged. */
export type LedgerEntry =
  | { readonly state: 'open'; readonly digest: string }
  | { readonly state: 'answering'; readonly digest: string; readonly response: InputResponse; readonly since: number }
  | { readonly state: 'acknowledged'; readonly digest: string; readonly at: number }
  /** The server asks something else under a key that was answered: shown, never answered by itself. */
  | { readonly state: 'refused'; readonly digest: string; readonly reason: string };

/**
 * - `intent`: `tools/call` was or will be sent and nothing came back yet; found later, it may have run.
 * - `asking`: the server wants input before it makes a task (2026-07-28).
 * - `open`: a task exists and is not settled. `settled`: `outcome` is final.
 */
export type RecordPhase = 'intent' | 'asking' | 'open' | 'settled';

/** What survives a restart. Instants are ms since the epoch by our clock, unless they are ISO strings of the server. */
export interface TaskRecord {
  readonly version: number;
  /** The short local id, from the first moment. */
  readonly id: string;
  readonly server: ServerIdentity;
  readonly revision: string;
  /** 2025-11-25 over HTTP: the session the task lives in. */
  readonly sessionId?: string | undefined;
  readonly taskId: string | null;
  readonly method: string;
  readonly tool: string;
  readonly arguments: JsonObject;
  readonly phase: RecordPhase;
  readonly status: TaskStatus;
  readonly statusMessage?: string | undefined;
  readonly createdAt: number;
  /** When our process last saw the record change. */
  readonly updatedAt: number;
  /** When the server last answered about this task. */
  readonly observedAt: number;
  readonly serverCreatedAt?: string | undefined;
  readonly serverUpdatedAt?: string | undefined;
  readonly ttlMs?: number | null | undefined;
  readonly pollIntervalMs?: number | undefined;
  readonly nextPollAt?: number | undefined;
  /** What the server lists now, also what we answered and it has not moved past. */
  readonly inputRequests: Readonly<Record<string, InputRequest>>;
  readonly ledger: Readonly<Record<string, LedgerEntry>>;
  /** Echoed untouched when the questions before the task are answered (2026-07-28). */
  readonly requestState?: string | undefined;
  readonly cancelRequestedAt?: number | undefined;
  readonly cancelAcknowledgedAt?: number | undefined;
  /** The last trouble in words, for people; a transport error is never a status. */
  readonly trouble?: string | undefined;
  readonly history: readonly HistoryEntry[];
  readonly outcome: Outcome | null;
}

export interface HistoryEntry {
  readonly at: number;
  readonly status: TaskStatus | 'expired';
  readonly message?: string | undefined;
}

/** The questions a person can still answer: listed by the server and neither answered nor refused. */
export function openQuestions(record: TaskRecord): Readonly<Record<string, InputRequest>> {
  if (record.phase === 'settled') return {};
  return Object.fromEntries(
    Object.entries(record.inputRequests).filter(([key]) => record.ledger[key]?.state === 'open'),
  );
}
