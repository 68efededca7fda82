import type { InputResponse, JsonObject, TaskRecord, ToolDescription } from '@mcp-tasks/client';
import type { LogMessage } from '../targets/listen-to-logs.ts';

/** The live view's access to records and servers, and a person's actions on them. */
export interface Desk {
  /**
   * Reports all records and server states now, then every change, including those by other processes. A late listener
   * also receives the current state first.
   */
  subscribe(listener: (change: DeskChange) => void): () => void;
  /** Saves a record for another caller's task and follows it. */
  adopt(id: string): Promise<void>;
  /** Sends an answer; rejects if the question has changed since it was shown. */
  answer(answer: GivenAnswer): Promise<void>;
  /** Requests cancellation. The task may still complete. */
  cancel(id: string): Promise<void>;
  /** Stops following here; the task and its record stay. */
  detach(id: string): void;
  /** Follows the task again after `detach`. */
  follow(id: string): void;
  /** Which process polls this task, and the last poll, if this process knows more than the record. */
  polling(id: string): Promise<Polling>;
  /** Deletes the record; the server is not notified. */
  forget(id: string): Promise<void>;
  /** Saves a task's result into files; resolves to a text with their names. */
  save(id: string): Promise<string>;
  tools(serverFingerprint: string): Promise<readonly ToolDescription[]>;
  /** Resolves once the call is recorded or has completed; the record arrives through `subscribe`. */
  call(call: GivenCall): Promise<void>;
  openUrl(url: string): Promise<void>;
  /** Running work at stdio servers. */
  workUnderWay(): Promise<WorkUnderWay>;
  /** Stops the servers of running work, with their keepers, and records it. */
  stopServers(): Promise<void>;
}

/** Calls at stdio servers that leaving affects. */
export interface WorkUnderWay {
  readonly ids: readonly string[];
  /** Keepers hold the servers and can continue the work. Otherwise it ends with this process. */
  readonly isKept: boolean;
}

/** A call with its filled-in arguments. */
export interface GivenCall {
  readonly fingerprint: string;
  readonly tool: string;
  readonly args: JsonObject;
  /** Id of the record whose call this one repeats: its labels, audience and key are kept, as by `mcp-tasks rerun`. */
  readonly rerunOf?: string | undefined;
}

/** A poll without news is saved once a minute: between saves only the polling process knows its last poll. */
export type Polling =
  | { readonly by: 'here'; readonly observedAt: number; readonly nextPollAt: number | undefined }
  | { readonly by: 'another' | 'nobody' };

/** A person's decision about the question shown. */
export interface GivenAnswer {
  readonly id: string;
  readonly key: string;
  /** Digest of the question as shown. */
  readonly digest: string;
  readonly response: InputResponse;
  /** Answers a question that was answered or refused before, as the person chose. */
  readonly again?: true;
}

export type ServerState = 'connecting' | 'connected' | 'unreachable' | 'auth_required' | 'closed';

export type DeskChange =
  | { readonly kind: 'records'; readonly records: readonly TaskRecord[]; readonly removed: readonly string[] }
  | {
      readonly kind: 'server';
      readonly fingerprint: string;
      readonly label: string;
      readonly state: ServerState;
      readonly detail?: string;
      /** Names of tools that support tasks, once the server has listed its tools. */
      readonly taskTools?: readonly string[];
      /** True if every tool may create a task, as far as the server says: none is highlighted. */
      readonly toolsAlike?: boolean;
    }
  /** All tasks of a server without a record here: read-only until a person acts on one. */
  | { readonly kind: 'others'; readonly fingerprint: string; readonly records: readonly TaskRecord[] }
  /** A log message of a server. */
  | { readonly kind: 'log'; readonly message: LogMessage }
  | { readonly kind: 'notice'; readonly text: string; readonly recordId?: string }
  /** A lasting problem, shown while the view is open: records that cannot be saved. */
  | { readonly kind: 'warning'; readonly text: string };
