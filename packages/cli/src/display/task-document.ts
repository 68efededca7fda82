import { expiryOf, type JsonValue, type Outcome, openQuestions, type Target, type TaskRecord } from '@mcp-tasks/client';
import { quoteCommand } from './quote-command.ts';

/** The stable shape of a task in JSON. Fields may be added, never renamed. */
export interface TaskDocument {
  readonly id: string;
  readonly taskId: string | null;
  readonly server: string;
  readonly target: string;
  readonly revision: string;
  readonly tool: string;
  readonly arguments: JsonValue;
  readonly status: string;
  readonly statusMessage: string | null;
  readonly createdAt: string;
  readonly lastUpdatedAt: string;
  readonly ttlMs: number | null;
  readonly expiresAt: string | null;
  readonly pollIntervalMs: number | null;
  readonly inputRequests: ReturnType<typeof openQuestions>;
  readonly phase: TaskRecord['phase'];
  readonly observedAt: string;
  readonly cancelRequestedAt: string | null;
  readonly trouble: string | null;
}

export function describeTask(record: TaskRecord): TaskDocument {
  return {
    id: record.id,
    taskId: record.taskId,
    server: record.server.label,
    target: describeTarget(record.server.target),
    revision: record.revision,
    tool: record.tool,
    arguments: record.arguments,
    status: record.status,
    statusMessage: record.statusMessage ?? null,
    createdAt: serverInstant(record.serverCreatedAt) ?? iso(record.createdAt),
    lastUpdatedAt: serverInstant(record.serverUpdatedAt) ?? iso(record.updatedAt),
    ttlMs: record.ttlMs ?? null,
    expiresAt: expiryInstant(record),
    pollIntervalMs: record.pollIntervalMs ?? null,
    inputRequests: openQuestions(record),
    phase: record.phase,
    observedAt: iso(record.observedAt),
    cancelRequestedAt: record.cancelRequestedAt === undefined ? null : iso(record.cancelRequestedAt),
    trouble: record.trouble ?? null,
  };
}

/** `task: null` says that the server answered at once and made no task. */
export function describeRecord(
  record: TaskRecord,
  outcome: Outcome | null = record.outcome,
): { readonly task: TaskDocument | null; readonly outcome: Outcome | null } {
  const atOnce = record.phase === 'settled' && record.taskId === null && record.outcome?.result !== undefined;
  return { task: atOnce ? null : describeTask(record), outcome };
}

export function describeTarget(target: Target): string {
  if (target.kind === 'url') return target.url;
  return target.kind === 'host' ? target.name : quoteCommand([target.command, ...target.args]);
}

function expiryInstant(record: TaskRecord): string | null {
  const at = expiryOf(record);
  // A server may promise longer than a date can tell.
  return at === undefined || record.taskId === null || Number.isNaN(new Date(at).getTime()) ? null : iso(at);
}

function serverInstant(text: string | undefined): string | undefined {
  const at = Date.parse(text ?? '');
  return Number.isNaN(at) ? undefined : iso(at);
}

function iso(at: number): string {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? new Date(0).toISOString() : date.toISOString();
}
