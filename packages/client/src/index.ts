export { isJsonObject, type JsonObject, type JsonValue } from './core/json.ts';
export {
  expiryOf,
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
export type { CallToolResult, ContentAnnotations, ContentBlock } from './core/tool-result.ts';
export { type TaskUpdate, updatesBetween } from './core/updates.ts';
export { TaskError, type TaskErrorCode, type TaskErrorDetails } from './errors.ts';
export type { Clock } from './ports/clock.ts';
export type { Connect, ConnectOptions } from './ports/connect.ts';
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
  CompletionRequest,
  Question,
  ToolDescription,
} from './runtime/call-api.ts';
export type { AnswerOptions, OutcomeOptions, TaskClient, TaskClientOptions, TaskHandle } from './runtime/client-api.ts';
export type { Progress } from './runtime/progress.ts';
export { createTaskClient } from './runtime/task-client.ts';
export type { TraceContext } from './runtime/trace.ts';
export { type Waited, waitAll, waitAny } from './runtime/wait.ts';
