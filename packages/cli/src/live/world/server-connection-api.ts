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
import type { RerunNames } from '../../session/rerun-names.ts';
import type { LiveChange } from '../live-session.ts';

export type ServerChange = Extract<LiveChange, { kind: 'server' }>;

/** Connection to one server of the view: reconnects when it ends, and follows the server's open tasks. */
export interface ServerConnection {
  readonly identity: ServerIdentity;
  /** State as last reported. */
  readonly state: ServerChange;
  /** Reason why it is not connected. */
  readonly failure: unknown;
  /** Connects, unless already started. */
  start(): void;
  follow(record: TaskRecord): void;
  unfollow(id: string): void;
  /** Latest record of a task followed here, as this process knows it. */
  latest(id: string): TaskRecord | undefined;
  /** Handle of a record of this server. @throws {TaskError} when the server is unreachable */
  handle(record: TaskRecord): Promise<FollowedTask>;
  tools(): Promise<readonly ToolDescription[]>;
  /** Saves a record for another caller's task; resolves to the record's id. */
  adopt(taskId: string): Promise<string>;
  /** Resolves once the call is recorded. */
  call(tool: string, args: JsonObject, names?: RerunNames): Promise<string>;
  /** Process id of the server's keeper, while connected. */
  readonly keeper: number | undefined;
  /** Closes the connection for good, and ends the server with its keeper. */
  stop(): Promise<void>;
  close(): Promise<void>;
}

export interface ServerConnectionOptions {
  readonly identity: ServerIdentity;
  readonly clock: Clock;
  /** Opens the client, which connects on the first request and reports connection states. */
  readonly open: (onConnection: (state: RelayState) => void) => Promise<TaskClient>;
  /** Opens a second client, in the session that holds a task (2025-11-25 over HTTP). */
  readonly openSession: (record: TaskRecord) => Promise<TaskClient>;
  readonly onState: (change: ServerChange) => void;
  /** Receives the server's tasks without a record here, again at each change. */
  readonly onOthers: (records: readonly TaskRecord[]) => void;
  readonly onNotice: (text: string, recordId?: string) => void;
  /** Called when the reply to a call made here was lost for good. */
  readonly onLost: (id: string, trouble: string) => void;
  /** Value that changes with each sign-in to this server, by any process. */
  readonly signedInAt: () => number | undefined;
}
