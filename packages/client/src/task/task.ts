import type { JsonObject, JsonValue } from './json.ts';
import type { CallToolResult } from './tool-result.ts';

/** The five statuses of the protocol, and `unknown` for a status that no revision defines (never terminal). */
export type TaskStatus = 'working' | 'input_required' | 'completed' | 'failed' | 'cancelled' | 'unknown';

/** A final status. */
export type TerminalStatus = 'completed' | 'failed' | 'cancelled';

/** Whether the status is final. */
export function isTerminal(status: TaskStatus): status is TerminalStatus {
  return status === 'completed' || status === 'failed' || status === 'cancelled';
}

/** A request of the server for input: elicitation, sampling or roots, as the protocol carries it. */
export interface InputRequest {
  /** `elicitation/create`, `sampling/createMessage` or `roots/list`. */
  readonly method: string;
  /** For elicitation `message`, and `requestedSchema` or `url`: untrusted text of the server. */
  readonly params: JsonObject;
  /** The actions that an answer may have: accept, decline, cancel. @default all */
  readonly actions?: readonly string[] | undefined;
}

/** An answer as the protocol carries it: for elicitation `{ action, content? }`. */
export type InputResponse = JsonObject;

/** Why a request failed: the JSON-RPC error of the server, or the failure that kept it from answering. */
export interface ProtocolError {
  /** The JSON-RPC code of the server, such as -32602 (invalid params); null without one. */
  readonly code: number | null;
  /** Untrusted text of the server. */
  readonly message: string;
  /** The HTTP status of a refusal without a JSON-RPC error. */
  readonly httpStatus?: number | undefined;
  /** The `data` of the JSON-RPC error. */
  readonly data?: JsonValue | undefined;
}

/** One observation of a task on its server, the same for every revision. Instants and durations in ms. */
export interface TaskSnapshot {
  /** The server's id. */
  readonly taskId: string;
  /** The status that the server reported. */
  readonly status: TaskStatus;
  /** The protocol's name of the group that the task belongs to, if it has groups. */
  readonly context?: string | undefined;
  /** For people: untrusted text. */
  readonly statusMessage?: string | undefined;
  /** ISO string of the server, unchanged: its clock may differ from ours. */
  readonly createdAt?: string | undefined;
  /** ISO string of the server, unchanged. */
  readonly lastUpdatedAt?: string | undefined;
  /** `null`: no limit. Absent: not specified. */
  readonly ttlMs?: number | null | undefined;
  /** Only a usable interval (a finite number above zero); the dialect drops any other. */
  readonly pollIntervalMs?: number | undefined;
  /** Values that later requests about the task have to repeat. */
  readonly carried?: JsonObject | undefined;
  /** The questions of the task, by key. */
  readonly inputRequests?: Readonly<Record<string, InputRequest>> | undefined;
  /** The keys of answers that the server has acknowledged. */
  readonly answered?: readonly string[] | undefined;
  /** The result of the call, once completed. */
  readonly result?: JsonObject | undefined;
  /** The error of a failed task. */
  readonly error?: ProtocolError | undefined;
  /** The body as received, if it could not be understood. */
  readonly raw?: JsonValue | undefined;
}

/** How following a task ended, by `status`. Only `completed` always has a result; `failed` may have one too. */
export type Outcome =
  /** The result of the call, also with `isError`. */
  | { readonly status: 'completed'; readonly result: CallToolResult; readonly error?: undefined }
  /** The server reported a failure: with its error or, on 2025-11-25, with the result of the tool. */
  | {
      readonly status: 'failed';
      readonly result?: CallToolResult | undefined;
      readonly error?: ProtocolError | undefined;
    }
  /**
   * `cancelled`: the server reported it. `expired`: the server no longer knows the task. `unreachable`,
   * `auth_required`: the task is still open. `unknown`: the call may have run, or its end cannot be read; `error` has
   * the reason, if known.
   */
  | {
      readonly status: 'cancelled' | 'expired' | 'unreachable' | 'auth_required' | 'unknown';
      readonly result?: undefined;
      readonly error?: ProtocolError | undefined;
    }
  /** Only the waiting ended; the task keeps running. */
  | {
      readonly status: 'input_required' | 'timed_out' | 'detached';
      readonly result?: undefined;
      readonly error?: undefined;
    };

/** How following a task ended. Only `completed`, `failed` and `cancelled` come from the server. */
export type OutcomeStatus = Outcome['status'];
