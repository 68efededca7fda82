import {
  audienceOf,
  expiryOf,
  type JsonValue,
  LOST_DIGITS,
  type Outcome,
  openQuestions,
  own,
  type Progress,
  type Target,
  type TaskRecord,
} from '@mcp-tasks/client';
import { urlWords } from '../targets/url-words.ts';
import { quoteCommand } from './quote-command.ts';

/** JSON shape of a task, a contract. Fields may be added, never renamed. */
export interface TaskDocument {
  readonly id: string;
  readonly taskId: string | null;
  readonly server: string;
  readonly target: string;
  readonly protocol: string;
  /** Name of the mapping, if the task is a job behind ordinary tools. */
  readonly job: string | null;
  readonly context: string | null;
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
  /** Digest of each open question by key, for `answer --question`. Absent without open questions. */
  readonly questionDigests?: Readonly<Record<string, string>>;
  /** The audience of each restricted open question, by key. Absent when every question is open to all. */
  readonly audiences?: Readonly<Record<string, readonly string[]>>;
  /** The person who answered each question, by key; only those who gave a name. */
  readonly answeredBy?: Readonly<Record<string, string>>;
  /** Key given by the caller; absent if none. */
  readonly key?: string;
  readonly labels?: Readonly<Record<string, string>>;
  /** Progress last reported by the server; absent if none. */
  readonly progress?: Progress;
  /** Id of the record whose call this one repeats; absent if none. */
  readonly rerunOf?: string;
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
    protocol: record.protocol ?? 'mcp',
    job: record.mapping === undefined ? null : record.tool,
    context: record.context ?? null,
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
    ...describeNames(record),
    ...describeDigests(record),
    ...describePeople(record),
  };
}

type Names = Pick<TaskDocument, 'key' | 'labels' | 'progress' | 'rerunOf'>;

function describeNames({ key, labels, progress, rerunOf }: TaskRecord): Names {
  return {
    ...(key === undefined ? {} : { key }),
    ...(labels === undefined ? {} : { labels }),
    ...(progress === undefined ? {} : { progress }),
    ...(rerunOf === undefined ? {} : { rerunOf }),
  };
}

function describeDigests(record: TaskRecord): Pick<TaskDocument, 'questionDigests'> {
  const digests = Object.keys(openQuestions(record)).map((key) => [key, own(record.ledger, key)?.digest] as const);
  return digests.length === 0 ? {} : { questionDigests: Object.fromEntries(digests) as Record<string, string> };
}

function describePeople(record: TaskRecord): Pick<TaskDocument, 'audiences' | 'answeredBy'> {
  const audiences = Object.keys(openQuestions(record)).flatMap((key) => {
    const audience = audienceOf(record, key);
    return audience === undefined ? [] : [[key, audience] as const];
  });
  const answeredBy = Object.entries(record.ledger).flatMap(([key, { by }]) =>
    by === undefined ? [] : [[key, by] as const],
  );
  return {
    ...(audiences.length === 0 ? {} : { audiences: Object.fromEntries(audiences) }),
    ...(answeredBy.length === 0 ? {} : { answeredBy: Object.fromEntries(answeredBy) }),
  };
}

export interface RecordDocument {
  readonly task: TaskDocument | null;
  readonly outcome: Outcome | null;
  /** Number as the server wrote it. Absent if every number of the result is exact. */
  readonly lostDigits?: string;
}

/** `task: null` means that the call completed without a task. */
export function describeRecord(record: TaskRecord, outcome: Outcome | null = record.outcome): RecordDocument {
  const atOnce = record.phase === 'settled' && record.taskId === null && record.outcome?.result !== undefined;
  const lostDigits = lostDigitsIn(outcome);
  return {
    task: atOnce ? null : describeTask(record),
    outcome,
    ...(lostDigits === undefined ? {} : { lostDigits }),
  };
}

/** First number of a result that lost digits in JavaScript. */
export function lostDigitsIn(outcome: Outcome | null): string | undefined {
  const lost = outcome?.result?._meta?.[LOST_DIGITS];
  return typeof lost === 'string' ? lost : undefined;
}

export function describeTarget(target: Target): string {
  if (target.kind === 'url') return urlWords(target);
  return target.kind === 'host' ? target.name : quoteCommand([target.command, ...target.args]);
}

function expiryInstant(record: TaskRecord): string | null {
  const at = expiryOf(record);
  // A ttl may exceed the range of dates.
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
