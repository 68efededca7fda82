import type { InputResponse, JsonObject, TaskRecord, ToolDescription } from '@mcp-tasks/client';
import type { LogMessage } from '../targets/hear-logs.ts';

/** What the live view needs of the world: records, servers, and a person's acts on them. */
export interface Desk {
  /**
   * Every record known, at once and whenever anything changes (by us or by another process), and the state of servers.
   * The listener is also told what is known already, so that a view opened late misses nothing.
   */
  subscribe(listener: (change: DeskChange) => void): () => void;
  /** Puts a task that somebody else called on record, and follows it from now on. */
  adopt(id: string): Promise<void>;
  /** Refused when the server asks something else than what was shown. */
  answer(answer: GivenAnswer): Promise<void>;
  /** Asks the server to stop. The task may still complete. */
  cancel(id: string): Promise<void>;
  /** Stops following here; the task and its record live on. */
  detach(id: string): void;
  /** Follows it here again, after `detach`. */
  follow(id: string): void;
  /** Who polls this task, and when the server was last heard, where this process knows more than the record. */
  polling(id: string): Promise<Polling>;
  /** Deletes our record; the server is not told. */
  forget(id: string): Promise<void>;
  /** Writes the result of a task into files; what was written, in words. */
  save(id: string): Promise<string>;
  tools(serverFingerprint: string): Promise<readonly ToolDescription[]>;
  /** Resolves once the call is on record or has completed; the record itself arrives through `subscribe`. */
  call(call: GivenCall): Promise<void>;
  openUrl(url: string): Promise<void>;
  /** What is under way at servers over stdio. */
  workUnderWay(): Promise<WorkUnderWay>;
  /** Ends the servers of that work, with their background processes: the records will say so. */
  stopServers(): Promise<void>;
}

/** Calls at servers over stdio that leaving concerns. */
export interface WorkUnderWay {
  readonly ids: readonly string[];
  /** Background processes keep the servers, and may go on with it. Else it ends with this process. */
  readonly isKept: boolean;
}

/** A call that a person has filled in. */
export interface GivenCall {
  readonly fingerprint: string;
  readonly tool: string;
  readonly args: JsonObject;
  /** The record whose call this one makes again. */
  readonly rerunOf?: string | undefined;
}

/** Polls without news reach the record once a minute: in between only the process that polls knows when it heard. */
export type Polling =
  | { readonly by: 'here'; readonly observedAt: number; readonly nextPollAt: number | undefined }
  | { readonly by: 'another' | 'nobody' };

/** The decision of a person about the question that was shown. */
export interface GivenAnswer {
  readonly id: string;
  readonly key: string;
  /** Of the question as it was shown. */
  readonly digest: string;
  readonly response: InputResponse;
  /** Also what was answered or refused before: the person has decided so. */
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
      /** Names of tools that can become tasks, once the server has told. */
      readonly taskTools?: readonly string[];
      /** True when any of its calls may become a task, for all the server tells: no tool stands out then. */
      readonly toolsAlike?: boolean;
    }
  /** All tasks of a server that are not on record here: to look at, until a person acts on one. */
  | { readonly kind: 'others'; readonly fingerprint: string; readonly records: readonly TaskRecord[] }
  /** A log message of a server. */
  | { readonly kind: 'log'; readonly message: LogMessage }
  | { readonly kind: 'notice'; readonly text: string; readonly recordId?: string }
  /** Something that stays wrong for as long as the view is open: what cannot be saved. */
  | { readonly kind: 'warning'; readonly text: string };
