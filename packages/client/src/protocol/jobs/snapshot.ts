import type { JsonObject } from '../../task/json.ts';
import type { TaskSnapshot } from '../../task/task.ts';
import { readState, type StateRead } from './job-state.ts';
import type { JobMapping } from './mapping.ts';
import { questionOf } from './question.ts';
import { carriedPointers } from './template.ts';
import { displayText, select, type ToolAnswer } from './tool-answer.ts';

const POLL_INTERVAL_MS = 15_000;

/** The snapshot of a job that was just started. */
export function newSnapshot(
  taskId: string,
  { pollIntervalMs = POLL_INTERVAL_MS, ttlMs }: Pick<JobMapping, 'pollIntervalMs' | 'ttlMs'>,
): TaskSnapshot {
  return { taskId, status: 'working', pollIntervalMs, ttlMs, inputRequests: {} };
}

/** Whether a separate tool fetches the result. */
export function isResultApart({ result }: JobMapping): boolean {
  return result !== undefined && 'tool' in result;
}

/** The snapshot in a result of the status tool; undefined without a state. */
export function snapshotOf(taskId: string, answer: ToolAnswer, mapping: JobMapping): TaskSnapshot | undefined {
  const read = readState(mapping.status, answer);
  if (read === undefined) return undefined;
  const statusMessage = messageOf(read, answer, mapping);
  const known = {
    ...newSnapshot(taskId, mapping),
    status: read.state,
    statusMessage,
    carried: carriedOf(answer, mapping),
    raw: answer.result,
  };
  switch (read.state) {
    case 'input_required': {
      const message = statusMessage ?? 'The job waits for your answer.';
      const asked = mapping.answer === undefined ? [] : [questionOf(mapping.answer, read.word, message)];
      return { ...known, inputRequests: Object.fromEntries(asked) };
    }
    case 'completed':
      if (isResultApart(mapping)) return { ...known, inputRequests: undefined };
      return { ...known, result: resultIn(answer, mapping) };
    case 'failed': {
      const { error } = mapping.status;
      const reason = error === undefined ? undefined : displayText(select(answer, error));
      return { ...known, error: { code: null, message: reason ?? statusMessage ?? 'The job failed' } };
    }
    default:
      return known;
  }
}

function messageOf({ word, isKnown }: StateRead, answer: ToolAnswer, { status }: JobMapping): string | undefined {
  const message = status.message === undefined ? undefined : displayText(select(answer, status.message));
  if (isKnown || message === undefined) return message ?? word;
  return `${word}: ${message}`;
}

function carriedOf(answer: ToolAnswer, mapping: JobMapping): JsonObject | undefined {
  const entries = carriedPointers(mapping).map((pointer) => [pointer, select(answer, pointer)] as const);
  const present = entries.filter(([, value]) => value !== undefined);
  return present.length === 0 ? undefined : Object.fromEntries(present);
}

/** The last status, whole or at a pointer, as a tool result. */
function resultIn(answer: ToolAnswer, { result }: JobMapping): JsonObject {
  const from = result === undefined || 'tool' in result ? '' : result.from;
  if (from === '') return answer.result;
  const value = select(answer, from);
  const content = value === undefined ? [] : [{ type: 'text', text: displayText(value) ?? '' }];
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject ? { content, structuredContent: value } : { content };
}
