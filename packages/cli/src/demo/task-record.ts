import { randomBytes } from 'node:crypto';
import { type InputRequest, type JsonObject, type Outcome, RECORD_VERSION, type TaskRecord } from '@mcp-tasks/client';
import type { Chaos } from './chaos.ts';
import type { Pace } from './options.ts';
import type { Step } from './run-tool.ts';
import type { Answers, DemoTool, JsonObject as Loose, RpcError, ToolResult } from './tool.ts';

const HOUR_MS = 3_600_000;
/** Ids are unguessable: an id is enough to read, answer and cancel its task. */
const ID_BYTES = 18;

/** State of a running tool beside the record's own fields; kept in `carried`. */
export interface TaskState {
  /** Answers given before the task existed. */
  readonly before: Answers;
  readonly page: string;
  readonly pageUrl: string;
  readonly pageVisited: boolean;
  /** Position of the current step; -1 before the first. */
  readonly position: number;
  /** The answers, by the position of the step that asked. */
  readonly given: Readonly<Record<string, Answers>>;
  readonly ttlMs: number | null;
  /** Instant at which the task is dropped in any status; for testing clients. */
  readonly forgetAt: number | null;
  readonly pollHint: unknown;
  readonly slowAckMs: number;
  /** Grows with each change. */
  readonly changes: number;
}

export interface NewTask {
  readonly tool: DemoTool;
  readonly args: Loose;
  readonly before?: Answers;
  /** The session, on 2025-11-25. */
  readonly owner?: string;
  readonly ttlMs?: number;
  /** 2025-11-25 requires a new task to be `working`, whatever its first step is. */
  readonly startsWorking?: boolean;
}

export function stateOf({ carried }: Pick<TaskRecord, 'carried'>): TaskState {
  return carried as unknown as TaskState;
}

/** Each tool has its own server fingerprint: a process claims only records of tools that it offers. */
export function fingerprintOf(tool: string): string {
  return `demo/${tool}`;
}

/** Server settings for a new task. */
export interface TaskSettings {
  readonly pace: Pace;
  readonly chaos: Chaos;
  /** Base URL of this process's sign-in pages. */
  readonly pageBase: string;
}

/** A new task, before its first step. */
export function newRecord(
  { tool, args, before = {}, owner, ttlMs }: Omit<NewTask, 'startsWorking'>,
  now: number,
  { pace, chaos, pageBase }: TaskSettings,
): TaskRecord {
  const odd = tool.oddities?.(args) ?? {};
  const expireAfterMs = odd.expireAfterMs ?? chaos.expireAfterMs;
  const id = randomBytes(ID_BYTES).toString('base64url');
  const page = randomBytes(ID_BYTES).toString('base64url');
  const state: TaskState = {
    before,
    page,
    pageUrl: `${pageBase}${page}`,
    pageVisited: false,
    position: -1,
    given: {},
    ttlMs: odd.ttlMs === undefined ? (ttlMs ?? tool.ttlMs ?? HOUR_MS) : odd.ttlMs,
    forgetAt: expireAfterMs === undefined ? null : now + expireAfterMs,
    pollHint: odd.pollHint ?? chaos.pollHint ?? pace.pollIntervalMs(1000),
    slowAckMs: odd.slowAcknowledgeMs ?? chaos.slowAcknowledgeMs ?? 0,
    changes: 0,
  };
  return {
    version: RECORD_VERSION,
    id,
    server: { fingerprint: fingerprintOf(tool.name), label: 'demo', target: { kind: 'host', name: 'demo' } },
    revision: owner === undefined ? '2026-07-28' : '2025-11-25',
    ...(owner === undefined ? {} : { sessionId: owner }),
    taskId: id,
    method: 'tools/call',
    tool: tool.name,
    arguments: args as JsonObject,
    carried: state as unknown as JsonObject,
    phase: 'open',
    status: 'working',
    statusMessage: 'Starting',
    createdAt: now,
    updatedAt: now,
    observedAt: now,
    inputRequests: {},
    ledger: {},
    history: [],
    outcome: null,
  };
}

function changed(record: TaskRecord, now: number, fields: Partial<TaskRecord>, state: Partial<TaskState>): TaskRecord {
  const before = stateOf(record);
  const carried = { ...before, ...state, changes: before.changes + 1 } as unknown as JsonObject;
  return { ...record, ...fields, updatedAt: now, observedAt: now, carried };
}

/** The task, moved to this step. */
export function enterStep(record: TaskRecord, step: Step, position: number, now: number, pace: Pace): TaskRecord {
  return changed(record, now, { statusMessage: step.message, ...fieldsOf(step, position, now, pace) }, { position });
}

function fieldsOf(step: Step, position: number, now: number, pace: Pace): Partial<TaskRecord> {
  const working = { status: 'working', inputRequests: {}, ledger: {} } as const;
  switch (step.kind) {
    case 'work':
      return { ...working, nextPollAt: now + pace.duration(step.forMs) };
    case 'page':
      return { ...working, nextPollAt: now + step.withinMs };
    case 'ask': {
      const keys = Object.keys(step.questions);
      const ledger = Object.fromEntries(keys.map((key) => [key, { state: 'open', digest: String(position) } as const]));
      const inputRequests = step.questions as unknown as Readonly<Record<string, InputRequest>>;
      return { status: 'input_required', nextPollAt: undefined, inputRequests, ledger };
    }
  }
}

/** Keys of the questions without an answer. */
export function openKeys({ ledger }: TaskRecord): readonly string[] {
  return Object.entries(ledger)
    .filter(([, { state }]) => state === 'open')
    .map(([key]) => key);
}

/** The task with these answers, which must fit their questions. Keys without an open question are ignored. */
export function applyAnswers(record: TaskRecord, responses: Loose, now: number): TaskRecord {
  const answered = openKeys(record).filter((key) => Object.hasOwn(responses, key));
  if (answered.length === 0) return record;
  const { position, given, slowAckMs } = stateOf(record);
  const answers = {
    ...given[position],
    ...Object.fromEntries(answered.map((key) => [key, responses[key]])),
  } as Answers;
  const state = { given: { ...given, [position]: answers } };
  const left = without(record.inputRequests, answered);
  if (Object.keys(left).length > 0)
    return changed(record, now, { inputRequests: left, ledger: without(record.ledger, answered) }, state);
  if (slowAckMs === 0) return changed(record, now, { status: 'working', inputRequests: {}, ledger: {} }, state);
  // Questions stay listed until the delayed answer takes effect.
  return changed(record, now, { ledger: {}, nextPollAt: now + slowAckMs }, state);
}

function without<T>(values: Readonly<Record<string, T>>, keys: readonly string[]): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(values).filter(([key]) => !keys.includes(key)));
}

export function visitedPage(record: TaskRecord, now: number): TaskRecord {
  return changed(record, now, {}, { pageVisited: true });
}

/** How a task ends. */
export type End =
  | { readonly status: 'completed'; readonly result: ToolResult; readonly message?: string | undefined }
  | { readonly status: 'failed'; readonly error: RpcError }
  | { readonly status: 'cancelled' };

export function settleTask(record: TaskRecord, end: End, now: number): TaskRecord {
  const settled = { phase: 'settled', nextPollAt: undefined, inputRequests: {}, ledger: {} } as const;
  const { position } = stateOf(record);
  // A cancelled task ends within its step.
  const state = end.status === 'cancelled' ? {} : { position: position + 1 };
  return changed(record, now, { ...settled, status: end.status, ...fieldsOfEnd(end) }, state);
}

function fieldsOfEnd(end: End): Pick<TaskRecord, 'statusMessage' | 'outcome'> {
  switch (end.status) {
    case 'completed': {
      const outcome = { status: 'completed', result: end.result } as unknown as Outcome;
      return { statusMessage: end.message ?? 'Done', outcome };
    }
    case 'failed': {
      const outcome = { status: 'failed', error: end.error } as unknown as Outcome;
      return { statusMessage: end.error.message, outcome };
    }
    case 'cancelled':
      return { statusMessage: 'Cancelled on request', outcome: { status: 'cancelled' } };
  }
}
