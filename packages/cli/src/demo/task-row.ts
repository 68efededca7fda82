import type { Answers, JsonObject, Questions, RpcError, ToolResult } from './script.ts';

export type TaskStatus = 'working' | 'input_required' | 'completed' | 'failed' | 'cancelled';

/** A task as stored. Instants in ms since the epoch. */
export interface DemoTask {
  readonly id: string;
  readonly seq: number;
  /** The session that created it, on 2025-11-25. */
  readonly owner: string | null;
  readonly tool: string;
  readonly args: JsonObject;
  readonly before: Answers;
  readonly page: string;
  readonly pageUrl: string;
  readonly pageVisited: boolean;
  readonly position: number;
  readonly dueAt: number | null;
  readonly status: TaskStatus;
  readonly message: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly ttlMs: number | null;
  /** Instant at which the task is dropped in any status; for testing clients. */
  readonly forgetAt: number | null;
  readonly pollHint: unknown;
  readonly slowAckMs: number;
  /** Open questions. */
  readonly questions: Questions;
  readonly answers: Answers;
  readonly result: ToolResult | null;
  readonly error: RpcError | null;
}

export function isTerminal(status: TaskStatus): boolean {
  return status === 'completed' || status === 'failed' || status === 'cancelled';
}

/** Whether the task waits for an answer. */
export function isAsking(task: DemoTask): boolean {
  return task.status === 'input_required' && task.dueAt === null;
}

export const COLUMNS =
  'id, seq, owner, tool, args, before, page, page_url, page_visited, position, due_at, status, message, created_at, updated_at, ttl_ms, forget_at, poll_hint, slow_ack_ms, questions, answers, result, error';

export function formatRow(task: DemoTask): readonly unknown[] {
  return [
    task.id,
    task.seq,
    task.owner,
    task.tool,
    JSON.stringify(task.args),
    JSON.stringify(task.before),
    task.page,
    task.pageUrl,
    task.pageVisited ? 1 : 0,
    task.position,
    task.dueAt,
    task.status,
    task.message,
    task.createdAt,
    task.updatedAt,
    task.ttlMs,
    task.forgetAt,
    JSON.stringify(task.pollHint),
    task.slowAckMs,
    JSON.stringify(task.questions),
    JSON.stringify(task.answers),
    task.result === null ? null : JSON.stringify(task.result),
    task.error === null ? null : JSON.stringify(task.error),
  ];
}

export function parseRow(row: Record<string, unknown>): DemoTask {
  const json = (column: string) => JSON.parse(row[column] as string);
  return {
    id: row.id as string,
    seq: row.seq as number,
    owner: row.owner as string | null,
    tool: row.tool as string,
    args: json('args'),
    before: json('before'),
    page: row.page as string,
    pageUrl: row.page_url as string,
    pageVisited: row.page_visited === 1,
    position: row.position as number,
    dueAt: row.due_at as number | null,
    status: row.status as TaskStatus,
    message: row.message as string,
    createdAt: row.created_at as number,
    updatedAt: row.updated_at as number,
    ttlMs: row.ttl_ms as number | null,
    forgetAt: row.forget_at as number | null,
    pollHint: json('poll_hint'),
    slowAckMs: row.slow_ack_ms as number,
    questions: json('questions'),
    answers: json('answers'),
    result: row.result === null ? null : json('result'),
    error: row.error === null ? null : json('error'),
  };
}
