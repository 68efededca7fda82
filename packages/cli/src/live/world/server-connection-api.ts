import type {
  Clock,
  FollowedTask,
  JsonObject,
  RelayState,
  ServerIdentity,
  TaskClient,
  TaskRecord,
  ToolDescription,
} from '@mcp-tasks/client';
import type { DeskChange } from '../live-session.ts';

export type ServerChange = Extract<DeskChange, { kind: 'server' }>;

/** One server of the view: connected, connected again when the connection ends, and its open tasks followed. */
export interface ServerConnection {
  readonly identity: ServerIdentity;
  /** As it was told last. */
  readonly state: ServerChange;
  /** What keeps it from being connected. */
  readonly failure: unknown;
  /** Connects, if that has not begun. */
  start(): void;
  follow(record: TaskRecord): void;
  unfollow(id: string): void;
  /** The record of a task that is followed here, as this process knows it. */
  latest(id: string): TaskRecord | undefined;
  /** The handle of a record of this server. @throws {TaskError} when the server cannot be reached now */
  handle(record: TaskRecord): Promise<FollowedTask>;
  tools(): Promise<readonly ToolDescription[]>;
  /** Puts a task that somebody else called on record; its id there. */
  adopt(taskId: string): Promise<string>;
  /** Resolves once the call is on record. */
  call(tool: string, args: JsonObject, rerunOf?: string): Promise<string>;
  /** The background process that keeps the server, while it is connected. */
  readonly keeper: number | undefined;
  /** Leaves the server for good, and ends it with its keeper. */
  stop(): Promise<void>;
  close(): Promise<void>;
}

export interface ServerConnectionOptions {
  readonly identity: ServerIdentity;
  readonly clock: Clock;
  /** Its tasks. Connects when something is asked, and tells how the connection stands. */
  readonly open: (onConnection: (state: RelayState) => void) => Promise<TaskClient>;
  /** Another client, in the session in which a task lives (2025-11-25 over HTTP). */
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
