import type { JsonObject } from './json.ts';
import { own } from './own.ts';
import type { Progress } from './progress.ts';
import type { InputRequest, InputResponse, Outcome, TaskStatus } from './task.ts';

/** The record version that this library writes; newer records are refused, older ones are read. */
export const RECORD_VERSION = 1;

/** How to reconnect to a server. Never holds header values, tokens or environment values. */
export type Target =
  | {
      readonly kind: 'url';
      readonly url: string;
      /** The protocol of the server. @default 'mcp' */
      readonly protocol?: string | undefined;
    }
  | { readonly kind: 'command'; readonly command: string; readonly args: readonly string[]; readonly cwd?: string }
  /** A client that a host connected: only that host can reconnect it. */
  | { readonly kind: 'host'; readonly name: string };

/** The identity of a server, by which its tasks are found again. */
export interface ServerIdentity {
  /** A digest of the target without secrets; with revision, account and task id it makes a record unique. */
  readonly fingerprint: string;
  /** For people: a host name, a command, or the name in a configuration file. */
  readonly label: string;
  /** How to reach it again. */
  readonly target: Target;
  /** The account at the server, if known; never a secret. */
  readonly account?: string | undefined;
}

/** The protocol of records that name none: all records written before there was a second protocol. */
const DEFAULT_PROTOCOL = 'mcp';

/** The protocols that this version supports; records of others are listed and left alone. */
export const PROTOCOLS: readonly string[] = [DEFAULT_PROTOCOL, 'a2a', 'jobs'];

interface Asked {
  readonly digest: string;
  /** The beginning of the question, for people. In state `refused`: of the question that was answered. */
  readonly words?: string | undefined;
  /** The people and groups who may answer this question, if set for it alone. @default the audience of the task */
  readonly audience?: readonly string[] | undefined;
  /** The person who answered, if named. */
  readonly by?: string | undefined;
}

/** One key of the question ledger: open → answering → acknowledged. */
export type LedgerEntry =
  | (Asked & { readonly state: 'open' })
  | (Asked & {
      readonly state: 'answering';
      readonly response: InputResponse;
      /** When the answer was given. */
      readonly since: number;
      /** When the answer was given first; set if it is sent again after the server had acknowledged it. */
      readonly givenAt?: number | undefined;
      /** When the answer was sent; set only if it must not be sent twice. */
      readonly sentAt?: number | undefined;
    })
  | (Asked & {
      readonly state: 'acknowledged';
      readonly at: number;
      /** When the answer was given: distinguishes it from another answer to the same question. */
      readonly givenAt?: number | undefined;
      /** 2025-11-25: the answer, kept until the task continues: a broken stream may have lost it. */
      readonly response?: InputResponse | undefined;
    })
  /** The server asks another question under an answered key: shown, never answered automatically. */
  | (Asked & {
      readonly state: 'refused';
      readonly reason: string;
      /** The answer to the earlier question had been acknowledged. */
      readonly isAnswered?: true | undefined;
    });

/**
 * - `intent`: `tools/call` was or will be sent, without a response so far; after a restart the call may have run.
 * - `asking`: the server asks for input before it makes a task (2026-07-28).
 * - `open`: a task exists and is not settled. `settled`: `outcome` is final.
 */
export type RecordPhase = 'intent' | 'asking' | 'open' | 'settled';

/** The persisted state of a task. Instants are ms since the epoch by our clock, except ISO strings of the server. */
export interface TaskRecord {
  /** The `RECORD_VERSION` of the library that wrote it. */
  readonly version: number;
  /** The short local id, assigned before the call is sent. */
  readonly id: string;
  /** The server of the task. */
  readonly server: ServerIdentity;
  /** The protocol that the task speaks. @default 'mcp' */
  readonly protocol?: string | undefined;
  /** The protocol revision of the task, by its date. */
  readonly revision: string;
  /** 2025-11-25 over HTTP: the session of the task. */
  readonly sessionId?: string | undefined;
  /** The server's id; null until it has given one, and for a call that returned a plain result. */
  readonly taskId: string | null;
  /** The protocol's name of the group that the task belongs to, if it has groups. */
  readonly context?: string | undefined;
  /** Values from the server that later requests about the task repeat. */
  readonly carried?: JsonObject | undefined;
  /** The job mapping, if one describes its protocol; kept so that a changed configuration orphans no task. */
  readonly mapping?: JsonObject | undefined;
  /** The method of the call: `tools/call`. */
  readonly method: string;
  /** The tool's name. */
  readonly tool: string;
  /** The arguments as sent. */
  readonly arguments: JsonObject;
  /** The deduplication key of the host: unique among open calls of one server and account. */
  readonly key?: string | undefined;
  /** Labels of the host, by which it finds its tasks. */
  readonly labels?: Readonly<Record<string, string>> | undefined;
  /** The id of the record whose call this one repeats. */
  readonly rerunOf?: string | undefined;
  /** Names of the people and groups who may answer its questions; absent: anybody. */
  readonly audience?: readonly string[] | undefined;
  /** The last progress of the server. The stored one may be a few seconds behind. */
  readonly progress?: Progress | undefined;
  /** The phase of the record. */
  readonly phase: RecordPhase;
  /** The last status from the server. */
  readonly status: TaskStatus;
  /** The status message of the server: untrusted text. */
  readonly statusMessage?: string | undefined;
  /** When the intent was written. */
  readonly createdAt: number;
  /** When our process last saw the record change. */
  readonly updatedAt: number;
  /** When the server last answered about this task. */
  readonly observedAt: number;
  /** When the task was first seen, by our clock: its time to live counts from here. */
  readonly begunAt?: number | undefined;
  /** The server's `createdAt`, ISO, by its clock. */
  readonly serverCreatedAt?: string | undefined;
  /** The server's `lastUpdatedAt`, ISO, by its clock. */
  readonly serverUpdatedAt?: string | undefined;
  /** How long the server keeps the task, in ms; null: no limit. Advice only: the client ends nothing by it. */
  readonly ttlMs?: number | null | undefined;
  /** The poll interval that the server asks for, in ms. */
  readonly pollIntervalMs?: number | undefined;
  /** When the next poll is due, in ms since 1970; absent while nothing polls: a resume then polls immediately. */
  readonly nextPollAt?: number | undefined;
  /** The questions that the server lists now, also answered ones that it still lists. */
  readonly inputRequests: Readonly<Record<string, InputRequest>>;
  /** The state of each question, by its key. */
  readonly ledger: Readonly<Record<string, LedgerEntry>>;
  /** Echoed unchanged with the answers to questions before the task (2026-07-28). */
  readonly requestState?: string | undefined;
  /** When the cancel was requested, here or in another process. */
  readonly cancelRequestedAt?: number | undefined;
  /** When the server acknowledged the cancel; the task may still complete. */
  readonly cancelAcknowledgedAt?: number | undefined;
  /** The state of the connection while the server does not answer; absent while it does. */
  readonly contact?: Contact | undefined;
  /** The last failure, for people; no decision depends on it. */
  readonly trouble?: string | undefined;
  /** The changes of its status, oldest first. */
  readonly history: readonly HistoryEntry[];
  /** How it ended; null while it is open. */
  readonly outcome: Outcome | null;
  /** When the outcome was delivered; null while delivery is due, absent if no delivery is wanted. */
  readonly deliveredAt?: number | null | undefined;
}

/**
 * - `silent`: requests about the task are unanswered since then; they are retried, or `trouble` has the reason.
 * - `lost`: the response to the call was lost: the call may have run.
 */
export type Contact = { readonly kind: 'silent' | 'lost'; readonly since: number };

/** One change of a task's status. */
export interface HistoryEntry {
  /** When the change was observed, in ms since the epoch. */
  readonly at: number;
  /** The new status. */
  readonly status: TaskStatus | 'expired';
  /** The status message of the server. */
  readonly message?: string | undefined;
}

/** The `protocol` field of a record: undefined for the default protocol. */
export function namedProtocol(protocol: string): string | undefined {
  return protocol === DEFAULT_PROTOCOL ? undefined : protocol;
}

/** The response to the call was lost: the call may have run, and it is not retried. */
export function isCallLost({ phase, contact }: TaskRecord): boolean {
  return phase === 'intent' && contact?.kind === 'lost';
}

/** The protocol of the task. */
export function protocolOf({ protocol = DEFAULT_PROTOCOL }: Pick<TaskRecord, 'protocol'>): string {
  return protocol;
}

/** When the server may drop the task: an estimate by our clock. Undefined without a limit. */
export function expiryOf(record: TaskRecord): number | undefined {
  if (typeof record.ttlMs !== 'number') return undefined;
  return (record.begunAt ?? record.createdAt) + record.ttlMs;
}

/** The latest instant on the record; later than now if the clock moved back. */
export function writtenAt({ updatedAt, observedAt }: TaskRecord): number {
  return Math.max(updatedAt, observedAt);
}

/** When the next poll is due. If the clock moved back, the planned distance is kept. */
export function dueAt(record: TaskRecord, now: number): number {
  return (record.nextPollAt ?? 0) - Math.max(0, writtenAt(record) - now);
}

/** The open questions: listed by the server, neither answered nor refused. */
export function openQuestions(record: TaskRecord): Readonly<Record<string, InputRequest>> {
  // Without a response to the call, no connection is left that could carry an answer.
  if (record.phase === 'settled' || record.phase === 'intent') return {};
  return Object.fromEntries(
    Object.entries(record.inputRequests).filter(([key]) => own(record.ledger, key)?.state === 'open'),
  );
}
