import type { JsonObject, JsonValue } from './json.ts';

/** The protocol's own five, and `unknown` for a status no revision defines (never terminal). */
export type TaskStatus = 'working' | 'input_required' | 'completed' | 'failed' | 'cancelled' | 'unknown';

export type TerminalStatus = 'completed' | 'failed' | 'cancelled';

export function isTerminal(status: TaskStatus): status is TerminalStatus {
  return status === 'completed' || status === 'failed' || status === 'cancelled';
}

/** A question of the server: elicitation, sampling or roots, as the protocol carries it. */
export interface InputRequest {
  readonly method: string;
  readonly params: JsonObject;
}

/** An answer as the protocol carries it: for elicitation `{ action, content? }`. */
export type InputResponse = JsonObject;

export interface ProtocolError {
  readonly code: number;
  readonly message: string;
  readonly data?: JsonValue | undefined;
}

/** One observation of a task on its server, the same for every revision. Instants and durations in ms. */
export interface TaskSnapshot {
  readonly taskId: string;
  readonly status: TaskStatus;
  readonly statusMessage?: string | undefined;
  /** The server's ISO strings, kept as they came: its clock is not ours. */
  readonly createdAt?: string | undefined;
  readonly lastUpdatedAt?: string | undefined;
  /** `null`: no limit. Absent: the server did not say. */
  readonly ttlMs?: number | null | undefined;
  /** Only a usable hint (a finite number above zero); nonsense is dropped by the dialect. */
  readonly pollIntervalMs?: number | undefined;
  readonly inputRequests?: Readonly<Record<string, InputRequest>> | undefined;
  readonly result?: JsonObject | undefined;
  readonly error?: ProtocolError | undefined;
  /** The body as it came, for what we could not understand. */
  readonly raw?: JsonValue | undefined;
}

/** How following a task ended. Only `completed`, `failed` and `cancelled` are the server's words. */
export type OutcomeStatus =
  | TerminalStatus
  | 'expired'
  | 'unreachable'
  | 'input_required'
  | 'timed_out'
  | 'detached'
  | 'auth_required'
  | 'unknown';

export interface Outcome {
  readonly status: OutcomeStatus;
  /** What the call would have returned. */
  readonly result?: JsonObject | undefined;
  readonly error?: ProtocolError | undefined;
}
