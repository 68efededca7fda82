export { isJsonObject, type JsonObject, type JsonValue } from './core/json.ts';
export {
  type HistoryEntry,
  type LedgerEntry,
  openQuestions,
  RECORD_VERSION,
  type RecordPhase,
  type ServerIdentity,
  type Target,
  type TaskRecord,
} from './core/record.ts';
export {
  type InputRequest,
  type InputResponse,
  isTerminal,
  type Outcome,
  type OutcomeStatus,
  type ProtocolError,
  type TaskSnapshot,
  type TaskStatus,
  type TerminalStatus,
} from './core/task.ts';
export type { TaskUpdate } from './core/updates.ts';
export { TaskError, type TaskErrorCode, type TaskErrorDetails } from './errors.ts';
export type { Clock } from './ports/clock.ts';
export {
  type Connection,
  ConnectionFailure,
  type Failure,
  type IncomingRequest,
  type Negotiated,
  type RequestOptions,
  type Subscription,
} from './ports/connection.ts';
export type { Changes, Lease, RecordFilter, TaskStore } from './ports/task-store.ts';
export type {
  CallToolAnswer,
  CallToolOptions,
  CallToolRequest,
  Connect,
  ConnectOptions,
  OutcomeOptions,
  TaskClient,
  TaskClientOptions,
  TaskHandle,
  ToolDescription,
} from './runtime/client-api.ts';
export { createTaskClient } from './runtime/task-client.ts';
