import type { InputResponse, JsonObject, TaskRecord, ToolDescription } from '@mcp-tasks/client';
import type { LogMessage } from '../targets/listen-to-logs.ts';

/** The live view's access to records and servers, and a person's actions on them. */
export interface LiveSession {
  /** Reports the current records and server states, then every change, including those by other processes. */
  subscribe(listener: (change: LiveChange) => void): () => void;
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
  /** Resolves to the process that polls this task, with the time of the last poll if this process made it. */
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

/** Running calls at stdio servers, which the exit of the view affects. */
export interface WorkUnderWay {
  readonly ids: readonly string[];
  /** True if keepers hold the servers and can continue the work; otherwise the work ends with this process. */
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

/** A poll without news is saved only once a minute, so the polling process alone knows the last poll. */
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
  /** The person chose to answer again a question that was answered or refused before. */
  readonly again?: true;
}

export type ServerState = 'connecting' | 'connected' | 'unreachable' | 'auth_required' | 'closed';

export type LiveChange =
  | { readonly kind: 'records'; readonly records: readonly TaskRecord[]; readonly removed: readonly string[] }
  | {
      readonly kind: 'server';
      readonly fingerprint: string;
      readonly label: string;
      readonly state: ServerState;
      readonly detail?: string;
      /** Names of tools that support tasks, once the server has listed its tools. */
      readonly taskTools?: readonly string[];
      /** True if every tool may create a task according to the server: the view highlights none. */
      readonly toolsAlike?: boolean;
    }
  /** All tasks of a server that have no record here: read-only until a person adopts or cancels one. */
  | { readonly kind: 'others'; readonly fingerprint: string; readonly records: readonly TaskRecord[] }
  /** A log message of a server. */
  | { readonly kind: 'log'; readonly message: LogMessage }
  | { readonly kind: 'notice'; readonly text: string; readonly recordId?: string }
  /** A lasting problem, shown while the view is open: records that cannot be saved. */
  | { readonly kind: 'warning'; readonly text: string };
