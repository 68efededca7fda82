import type { JsonObject, JsonValue } from './json.ts';
import type { CallToolResult } from './tool-result.ts';

/** The protocol's own five, and `unknown` for a status no revision defines (never terminal). */
export type TaskStatus = 'working' | 'input_required' | 'completed' | 'failed' | 'cancelled' | 'unknown';

/** A status that never changes any more. */
export type TerminalStatus = 'completed' | 'failed' | 'cancelled';

/** Whether the server has ended the task. */
export function isTerminal(status: TaskStatus): status is TerminalStatus {
  return status === 'completed' || status === 'failed' || status === 'cancelled';
}

/** A question of the server: elicitation, sampling or roots, as the protocol carries it. */
export interface InputRequest {
  /** `elicitation/create`, `sampling/createMessage` or `roots/list`. */
  readonly method: string;
  /** For elicitation `message`, and `requestedSchema` or `url`: the server's words, to be shown as untrusted text. */
  readonly params: JsonObject;
  /** What it can be answered with, where that is not all of the protocol's: accept, decline, cancel. @default all */
  readonly actions?: readonly string[] | undefined;
}

/** An answer as the protocol carries it: for elicitation `{ action, content? }`. */
export type InputResponse = JsonObject;

/** Why something failed: the server's JSON-RPC error, or what kept it from answering. */
export interface ProtocolError {
  /** The server's, such as -32602, invalid params; null where it gave none. */
  readonly code: number | null;
  /** In the server's words: untrusted text. */
  readonly message: string;
  /** The status of an HTTP answer that refused without a JSON-RPC error. */
  readonly httpStatus?: number | undefined;
  /** What the server added. */
  readonly data?: JsonValue | undefined;
}

/** One observation of a task on its server, the same for every revision. Instants and durations in ms. */
export interface TaskSnapshot {
  /** The server's id. */
  readonly taskId: string;
  /** The server's word for it. */
  readonly status: TaskStatus;
  /** What the protocol calls the group that the task belongs to, where it has such. */
  readonly context?: string | undefined;
  /** For people: untrusted text. */
  readonly statusMessage?: string | undefined;
  /** The server's ISO strings, kept as they came: its clock is not ours. */
  readonly createdAt?: string | undefined;
  /** Likewise. */
  readonly lastUpdatedAt?: string | undefined;
  /** `null`: no limit. Absent: the server did not say. */
  readonly ttlMs?: number | null | undefined;
  /** Only a usable hint (a finite number above zero); nonsense is dropped by the dialect. */
  readonly pollIntervalMs?: number | undefined;
  /** Values that later requests about the task have to repeat. */
  readonly carried?: JsonObject | undefined;
  /** What it asks, by key. */
  readonly inputRequests?: Readonly<Record<string, InputRequest>> | undefined;
  /** The keys of answers that the server shows to have. */
  readonly answered?: readonly string[] | undefined;
  /** What the call returned, where it has completed. */
  readonly result?: JsonObject | undefined;
  /** Why it failed, where it has. */
  readonly error?: ProtocolError | undefined;
  /** The body as it came, for what we could not understand. */
  readonly raw?: JsonValue | undefined;
}

/** How following a task ended, by `status`. Only `completed` always has a result; a `failed` one may have one too. */
export type Outcome =
  /** What the call would have returned, also with `isError`. */
  | { readonly status: 'completed'; readonly result: CallToolResult; readonly error?: undefined }
  /** The server says that it failed: with its error or, on 2025-11-25, with what the tool returned. */
  | {
      readonly status: 'failed';
      readonly result?: CallToolResult | undefined;
      readonly error?: ProtocolError | undefined;
    }
  /**
   * `cancelled`: the server says so. `expired`: it does not know the task any more. `unreachable`, `auth_required`: the
   * task is still open. `unknown`: it may have run, or its end cannot be read; `error` has the reason where there is one.
   */
  | {
      readonly status: 'cancelled' | 'expired' | 'unreachable' | 'auth_required' | 'unknown';
      readonly result?: undefined;
      readonly error?: ProtocolError | undefined;
    }
  /** The waiting ended, and the task goes on. */
  | {
      readonly status: 'input_required' | 'timed_out' | 'detached';
      readonly result?: undefined;
      readonly error?: undefined;
    };

/** How following a task ended. Only `completed`, `failed` and `cancelled` are the server's words. */
export type OutcomeStatus = Outcome['status'];
