import { own } from '../task/own.ts';
import { isCallLost, openQuestions, type TaskRecord } from '../task/record.ts';
import type { ProtocolError, TaskStatus } from '../task/task.ts';
import type { CallToolResult } from '../task/tool-result.ts';

/** How often a client is asked to look at a served task, in ms: a look reads our store, and costs the server nothing. */
const POLL_INTERVAL_MS = 1_000;

/** A task as the client of a task server sees it. */
export interface ServedTask {
  /** Of a record: our local id. */
  readonly taskId: string;
  /** Never `unknown`: a client of a task server knows no such status. */
  readonly status: Exclude<TaskStatus, 'unknown'>;
  /** The server's words, or what keeps us from it. */
  readonly statusMessage: string | undefined;
  /** ISO. */
  readonly createdAt: string;
  /** ISO. */
  readonly lastUpdatedAt: string;
  /** How long it is kept, in ms; null: without limit. */
  readonly ttlMs: number | null;
  /** In ms. */
  readonly pollIntervalMs: number;
  /** What is open, by key. */
  readonly inputRequests: TaskRecord['inputRequests'];
  /** Of the questions that can be answered: tells each from another one under the same key. */
  readonly questionIds: Readonly<Record<string, string>>;
  /** What the call returned, where it has ended so. */
  readonly result: CallToolResult | undefined;
  /** Why it failed, where there is no result. */
  readonly error: ProtocolError | undefined;
}

/** Reads a record for a client of a task server: our local id is its task id. */
export function servedTask(record: TaskRecord): ServedTask {
  const { id, outcome, createdAt, updatedAt } = record;
  const status = statusOf(record);
  const inputRequests = status === 'input_required' ? openQuestions(record) : {};
  return {
    taskId: id,
    status,
    statusMessage: record.statusMessage ?? record.trouble,
    createdAt: new Date(createdAt).toISOString(),
    lastUpdatedAt: new Date(Math.max(createdAt, updatedAt)).toISOString(),
    ttlMs: null,
    pollIntervalMs: POLL_INTERVAL_MS,
    inputRequests,
    questionIds: Object.fromEntries(
      Object.keys(inputRequests).map((key) => [key, own(record.ledger, key)?.digest ?? '']),
    ),
    result: outcome?.result,
    error: status === 'failed' && outcome?.result === undefined ? errorOf(record) : undefined,
  };
}

/** What has no status of its own in the protocol (expired, unknown) is a failure with our words. */
function statusOf(record: TaskRecord): ServedTask['status'] {
  const { outcome } = record;
  if (outcome !== null) {
    // A tool's own error: 2025-11-25 calls it a failed task, and our encoder of that revision does so again.
    if (outcome.status === 'failed' && outcome.result?.isError === true) return 'completed';
    return outcome.status === 'completed' || outcome.status === 'cancelled' ? outcome.status : 'failed';
  }
  if (isCallLost(record)) return 'failed';
  return Object.keys(openQuestions(record)).length > 0 ? 'input_required' : 'working';
}

const INTERNAL_ERROR = -32603;

function errorOf({ outcome, tool, id }: TaskRecord): ProtocolError {
  const { error } = outcome ?? {};
  if (error !== undefined) return { ...error, code: error.code ?? INTERNAL_ERROR };
  const what = outcome === null ? 'was cut off and may have run' : `ended ${outcome.status}`;
  return { code: INTERNAL_ERROR, message: `The call of "${tool}" ${what}: task ${id}` };
}
