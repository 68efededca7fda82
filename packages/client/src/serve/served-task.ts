import { own } from '../task/own.ts';
import { isCallLost, openQuestions, type TaskRecord } from '../task/record.ts';
import type { ProtocolError, TaskStatus } from '../task/task.ts';
import type { CallToolResult } from '../task/tool-result.ts';

/** Suggested poll interval of a served task, in ms: a poll reads the store and sends nothing to the server. */
const POLL_INTERVAL_MS = 1_000;

/** A task, as a task server shows it to its client. */
export interface ServedTask {
  /** The record's local id. */
  readonly taskId: string;
  /** Never `unknown`, a status that the protocol lacks. */
  readonly status: Exclude<TaskStatus, 'unknown'>;
  /** The server's message, or the reason why the server is unreachable. */
  readonly statusMessage: string | undefined;
  /** ISO 8601. */
  readonly createdAt: string;
  /** ISO 8601. */
  readonly lastUpdatedAt: string;
  /** Retention in ms; null without limit. */
  readonly ttlMs: number | null;
  /** Suggested poll interval, in ms. */
  readonly pollIntervalMs: number;
  /** Open questions by key. */
  readonly inputRequests: TaskRecord['inputRequests'];
  /** Ids of the answerable questions; two questions under one key have different ids. */
  readonly questionIds: Readonly<Record<string, string>>;
  /** The call's result, if it has one. */
  readonly result: CallToolResult | undefined;
  /** The failure, if there is no result. */
  readonly error: ProtocolError | undefined;
}

/** Converts a record for the client of a task server: its task id is the record's local id. */
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

/** Outcomes without a status in the protocol (expired, unknown) become `failed`. */
function statusOf(record: TaskRecord): ServedTask['status'] {
  const { outcome } = record;
  if (outcome !== null) {
    // A tool error is `completed` here; the encoder of 2025-11-25 turns it into `failed`.
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
