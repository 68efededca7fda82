import { randomBytes } from 'node:crypto';
import type { Chaos } from './chaos.ts';
import type { Pace } from './options.ts';
import type { Answers, DemoTool, JsonObject } from './script.ts';
import type { DemoTask } from './task-row.ts';

const HOUR_MS = 3_600_000;
/** Ids are unguessable: an id is enough to read, answer and cancel its task. */
const ID_BYTES = 18;

export interface NewTask {
  readonly tool: DemoTool;
  readonly args: JsonObject;
  readonly before?: Answers;
  readonly owner?: string;
  readonly ttlMs?: number;
  /** 2025-11-25 requires a new task to be `working`, whatever its first step is. */
  readonly startsWorking?: boolean;
}

/** A new task, before its first step. */
export function createTask(
  { tool, args, before = {}, owner, ttlMs }: NewTask,
  now: number,
  { pace, chaos, pageBase }: { readonly pace: Pace; readonly chaos: Chaos; readonly pageBase: string },
): DemoTask {
  const odd = tool.oddities?.(args) ?? {};
  const expireAfterMs = odd.expireAfterMs ?? chaos.expireAfterMs;
  const page = randomBytes(ID_BYTES).toString('base64url');
  return {
    id: randomBytes(ID_BYTES).toString('base64url'),
    seq: 0,
    owner: owner ?? null,
    tool: tool.name,
    args,
    before,
    page,
    pageUrl: `${pageBase}${page}`,
    pageVisited: false,
    position: 0,
    dueAt: null,
    status: 'working',
    message: '',
    createdAt: now,
    updatedAt: now,
    ttlMs: odd.ttlMs === undefined ? (ttlMs ?? tool.ttlMs ?? HOUR_MS) : odd.ttlMs,
    forgetAt: expireAfterMs === undefined ? null : now + expireAfterMs,
    pollHint: odd.pollHint ?? chaos.pollHint ?? pace.pollIntervalMs(tool.pollIntervalMs ?? 1000),
    slowAckMs: odd.slowAcknowledgeMs ?? chaos.slowAcknowledgeMs ?? 0,
    questions: {},
    answers: {},
    result: null,
    error: null,
  };
}
