import type { JsonObject } from './json.ts';
import { own } from './own.ts';
import type { Progress } from './progress.ts';
import type { InputRequest, InputResponse, Outcome, TaskStatus } from './task.ts';

/** The version of the records that this library writes; newer ones are refused, older ones are read. */
export const RECORD_VERSION = 1;

/** How to reach a server again. Never holds header values, tokens or environment values. */
export type Target =
  | {
      readonly kind: 'url';
      readonly url: string;
      /** What it speaks. @default 'mcp' */
      readonly protocol?: string | undefined;
    }
  | { readonly kind: 'command'; readonly command: string; readonly args: readonly string[]; readonly cwd?: string }
  /** A client that a host connected itself: only that host can reconnect it. */
  | { readonly kind: 'host'; readonly name: string };

/** Who a server is, so that its tasks are found again. */
export interface ServerIdentity {
  /** A digest of the target without secrets; with revision, account and task id it makes a record unique. */
  readonly fingerprint: string;
  /** For people: a host name, a command, or the name in a configuration file. */
  readonly label: string;
  /** How to reach it again. */
  readonly target: Target;
  /** Whom the server knows us as, when that is known; never a secret. */
  readonly account?: string | undefined;
}

/** The protocol of records that name none: all that were written before there was another. */
const DEFAULT_PROTOCOL = 'mcp';

/** Whose records this version can handle; those of others are named and left alone. */
export const PROTOCOLS: readonly string[] = [DEFAULT_PROTOCOL, 'a2a', 'jobs'];

interface Asked {
  readonly digest: string;
  /** The beginning of the question, for people; of the one that was answered, where another came in its place. */
  readonly words?: string | undefined;
  /** Who may answer this question, where that was decided for it alone. @default the audience of the task */
  readonly audience?: readonly string[] | undefined;
  /** Who gave the answer, where they were named. */
  readonly by?: string | undefined;
}

/** One key of the question ledger: open → answering → acknowledged. */
export type LedgerEntry =
  | (Asked & { readonly state: 'open' })
  | (Asked & {
      readonly state: 'answering';
      readonly response: InputResponse;
      /** When it was given. */
      readonly since: number;
      /** When it went out, where it must not go out twice. */
      readonly sentAt?: number | undefined;
    })
  | (Asked & {
      readonly state: 'acknowledged';
      readonly at: number;
      /** 2025-11-25: kept until the task is seen to go on, since a stream that broke may have swallowed it. */
      readonly response?: InputResponse | undefined;
    })
  /** The server asks something else under a key that was answered: shown, never answered by itself. */
  | (Asked & {
      readonly state: 'refused';
      readonly reason: string;
      /** The answer to the question before had been acknowledged. */
      readonly isAnswered?: true | undefined;
    });

/**
 * - `intent`: `tools/call` was or will be sent and nothing came back yet; found later, it may have run.
 * - `asking`: the server wants input before it makes a task (2026-07-28).
 * - `open`: a task exists and is not settled. `settled`: `outcome` is final.
 */
export type RecordPhase = 'intent' | 'asking' | 'open' | 'settled';

/** What survives a restart. Instants are ms since the epoch by our clock, unless they are ISO strings of the server. */
export interface TaskRecord {
  /** That of the library that wrote it: `RECORD_VERSION`. */
  readonly version: number;
  /** The short local id, from the first moment. */
  readonly id: string;
  /** Whose task it is. */
  readonly server: ServerIdentity;
  /** The protocol that the task speaks. @default 'mcp' */
  readonly protocol?: string | undefined;
  /** The protocol revision that it was made under, by its date. */
  readonly revision: string;
  /** 2025-11-25 over HTTP: the session the task lives in. */
  readonly sessionId?: string | undefined;
  /** The server's id; null until it has given one, and for a call that was answered at once. */
  readonly taskId: string | null;
  /** What the protocol calls a group of tasks that belong together, where it has such. */
  readonly context?: string | undefined;
  /** Values that the server told and later requests about the task repeat. */
  readonly carried?: JsonObject | undefined;
  /** The mapping that describes its protocol, where one does: a changed configuration orphans nothing. */
  readonly mapping?: JsonObject | undefined;
  /** What was called: `tools/call`. */
  readonly method: string;
  /** The tool's name. */
  readonly tool: string;
  /** As they were sent. */
  readonly arguments: JsonObject;
  /** The host's name for this call: among open calls of one server and account it is unique. */
  readonly key?: string | undefined;
  /** The host's own words about it, by which it finds its tasks. */
  readonly labels?: Readonly<Record<string, string>> | undefined;
  /** The record whose call this one makes again. */
  readonly rerunOf?: string | undefined;
  /** Names of the people and groups who may answer its questions; absent: anybody. */
  readonly audience?: readonly string[] | undefined;
  /** What the server last reported of how far it is. The store may be a few seconds behind. */
  readonly progress?: Progress | undefined;
  /** How far we are with it. */
  readonly phase: RecordPhase;
  /** The server's last word. */
  readonly status: TaskStatus;
  /** What the server says to people about it: untrusted text. */
  readonly statusMessage?: string | undefined;
  /** When the intent was written. */
  readonly createdAt: number;
  /** When our process last saw the record change. */
  readonly updatedAt: number;
  /** When the server last answered about this task. */
  readonly observedAt: number;
  /** When we first heard of the task, by our clock: its time to live is counted from here. */
  readonly begunAt?: number | undefined;
  /** The server's `createdAt`, ISO, by its clock. */
  readonly serverCreatedAt?: string | undefined;
  /** The server's `lastUpdatedAt`, ISO, by its clock. */
  readonly serverUpdatedAt?: string | undefined;
  /** How long the server keeps it, in ms; null: without limit. Advice: nothing here ends by it. */
  readonly ttlMs?: number | null | undefined;
  /** How often the server wants to be asked, in ms. */
  readonly pollIntervalMs?: number | undefined;
  /** When it is asked about next, in ms since 1970; absent where nobody polls it: whoever takes it up asks at once. */
  readonly nextPollAt?: number | undefined;
  /** What the server lists now, also what we answered and it has not moved past. */
  readonly inputRequests: Readonly<Record<string, InputRequest>>;
  /** What became of each question, by its key. */
  readonly ledger: Readonly<Record<string, LedgerEntry>>;
  /** Echoed untouched when the questions before the task are answered (2026-07-28). */
  readonly requestState?: string | undefined;
  /** When somebody wished it cancelled, here or in another process. */
  readonly cancelRequestedAt?: number | undefined;
  /** When the server took notice; it may still complete. */
  readonly cancelAcknowledgedAt?: number | undefined;
  /** What is known of the connection, where the server was not heard last; absent while it answers. */
  readonly contact?: Contact | undefined;
  /** The last trouble in words, for people; it decides nothing. */
  readonly trouble?: string | undefined;
  /** The changes of its status, the oldest first. */
  readonly history: readonly HistoryEntry[];
  /** How it ended; null while it is open. */
  readonly outcome: Outcome | null;
  /** When its end reached who it was for; null while that is owed, absent where nobody waits for it. */
  readonly deliveredAt?: number | null | undefined;
}

/**
 * - `silent`: what was asked about the task got no answer since then; it is asked again, or the reason is in `trouble`.
 * - `lost`: the answer to the call did not come and will not: it may have run.
 */
export type Contact = { readonly kind: 'silent' | 'lost'; readonly since: number };

/** One change of a task's status. */
export interface HistoryEntry {
  /** When we saw it, in ms since the epoch. */
  readonly at: number;
  /** What it became. */
  readonly status: TaskStatus | 'expired';
  /** What the server said to it. */
  readonly message?: string | undefined;
}

/** The protocol as a record names it: undefined for the one of records that name none. */
export function namedProtocol(protocol: string): string | undefined {
  return protocol === DEFAULT_PROTOCOL ? undefined : protocol;
}

/** The answer to the call did not come and will not: it may have run, and nothing more happens by itself. */
export function isCallLost({ phase, contact }: TaskRecord): boolean {
  return phase === 'intent' && contact?.kind === 'lost';
}

/** Which protocol the task speaks. */
export function protocolOf({ protocol = DEFAULT_PROTOCOL }: Pick<TaskRecord, 'protocol'>): string {
  return protocol;
}

/** When the server may forget the task: an estimate, by our clock. Undefined without a limit. */
export function expiryOf(record: TaskRecord): number | undefined {
  if (typeof record.ttlMs !== 'number') return undefined;
  return (record.begunAt ?? record.createdAt) + record.ttlMs;
}

/** The latest instant that was written down, for a clock that was set back meanwhile. */
export function writtenAt({ updatedAt, observedAt }: TaskRecord): number {
  return Math.max(updatedAt, observedAt);
}

/** When the server may be asked again. What was planned before the clock was set back keeps its distance. */
export function dueAt(record: TaskRecord, now: number): number {
  return (record.nextPollAt ?? 0) - Math.max(0, writtenAt(record) - now);
}

/** The questions a person can still answer: listed by the server and neither answered nor refused. */
export function openQuestions(record: TaskRecord): Readonly<Record<string, InputRequest>> {
  // Without an answer to the call, nobody is left who could take an answer to its questions.
  if (record.phase === 'settled' || record.phase === 'intent') return {};
  return Object.fromEntries(
    Object.entries(record.inputRequests).filter(([key]) => own(record.ledger, key)?.state === 'open'),
  );
}
