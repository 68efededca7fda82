export type {
  CallRequest,
  RunOptions,
  StartRequest,
  TaskQuestion,
  ToolDescription,
} from './api/call-api.ts';
export type { AdoptRequest, EventFilter, TaskClient, TaskClientOptions, TaskFilter } from './api/client-api.ts';
export type { FollowRequest } from './api/follow-request.ts';
export type {
  AnswerOptions,
  CallAnswer,
  FollowedTask,
  OutcomeOptions,
  Question,
  TaskHandle,
  TaskUpdate,
} from './api/handle-api.ts';
export { openMailbox } from './api/mailbox.ts';
export type { Mailbox, MailboxOptions, MailboxTask } from './api/mailbox-api.ts';
export type { JobsOption } from './api/mapped-jobs.ts';
export { createTaskClient } from './api/task-client.ts';
export { createTaskWorker } from './api/task-worker.ts';
export type { ServedUnder, TaskWorker, TaskWorkerOptions } from './api/task-worker-api.ts';
export { type Waited, waitAll, waitAny } from './api/wait.ts';
export type { Clock } from './clock.ts';
export type { Connect, ConnectOptions, ProgramAnswers } from './connect/connect-port.ts';
export {
  type Connection,
  ConnectionFailure,
  type Failure,
  type IncomingRequest,
  type Negotiated,
  type RequestOptions,
  type Subscription,
} from './connect/connection.ts';
export type { RelayState } from './connect/relay-state.ts';
export { TaskError, type TaskErrorCode, type TaskErrorDetails, type TaskProblem } from './errors.ts';
export type {
  Condition,
  JobAnswer,
  JobList,
  JobMapping,
  JobMappings,
  JobStart,
  JobState,
  JobStatus,
  MappedTool,
  Selector,
} from './protocol/jobs/mapping.ts';
export { kindOfQuestion, type QuestionKind } from './protocol/mcp/question-kind.ts';
export type {
  Change,
  Claim,
  ClaimRequest,
  Found,
  Interest,
  Lease,
  OwnerState,
  PageRequest,
  RecordFilter,
  RecordPage,
  ServerPause,
  SkippedRecord,
  Step,
  TaskMail,
  TaskStore,
  Tenure,
} from './store/task-store.ts';
export { audienceOf, isInAudience, type Person } from './task/audience.ts';
export { isJsonObject, type JsonObject, type JsonValue } from './task/json.ts';
export { isExactNumber, LOST_DIGITS, lostDigits } from './task/lost-digits.ts';
export { own } from './task/own.ts';
export type { Progress } from './task/progress.ts';
export {
  type Contact,
  expiryOf,
  type HistoryEntry,
  isCallLost,
  type LedgerEntry,
  openQuestions,
  RECORD_VERSION,
  type RecordPhase,
  type ServerIdentity,
  type Target,
  type TaskRecord,
} from './task/record.ts';
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
} from './task/task.ts';
export type { CallToolResult, ContentAnnotations, ContentBlock } from './task/tool-result.ts';
export { type TaskChange, updatesBetween } from './task/updates.ts';
export { errorCodeOf } from './task/verdicts.ts';
export type { TraceContext } from './worker/trace.ts';
