import type {
  Clock,
  FollowedTask,
  JsonObject,
  ServerIdentity,
  TaskClient,
  TaskRecord,
  ToolDescription,
} from '@mcp-tasks/client';
import type { DeskChange } from '../live-session.ts';

export type ServerChange = Extract<DeskChange, { kind: 'server' }>;

/** One server of the desk: connected, connected again when the line breaks, and its open tasks followed. */
export interface ServerLine {
  readonly identity: ServerIdentity;
  readonly state: ServerChange;
  /** The last error of connecting, until it succeeds. */
  readonly failure: unknown;
  /** Connects, if that has not begun. */
  start(): void;
  follow(record: TaskRecord): void;
  unfollow(id: string): void;
  /** The handle of a record of this server. @throws {TaskError} when the server cannot be reached now */
  handle(record: TaskRecord): Promise<FollowedTask>;
  tools(): Promise<readonly ToolDescription[]>;
  /** Puts a task that somebody else called on record; its id there. */
  adopt(taskId: string): Promise<string>;
  /** Resolves once the call is on record. */
  call(tool: string, args: JsonObject, rerunOf?: string): Promise<string>;
  close(): Promise<void>;
}

export interface ServerLineOptions {
  readonly identity: ServerIdentity;
  readonly clock: Clock;
  readonly open: () => Promise<TaskClient>;
  /** Another one, in the session in which a task lives (2025-11-25 over HTTP). */
  readonly openSession: (record: TaskRecord) => Promise<TaskClient>;
  readonly onState: (change: ServerChange) => void;
  /** Tasks the server lists that nobody here has on record; told again as they change. */
  readonly onOthers: (records: readonly TaskRecord[]) => void;
  readonly onNotice: (text: string, recordId?: string) => void;
  /** A call that was made here got no answer, and gets none any more. */
  readonly onLost: (id: string, trouble: string) => void;
  /** Another value once somebody has signed in to this server, in whatever process. */
  readonly signedInAt: () => number | undefined;
}
