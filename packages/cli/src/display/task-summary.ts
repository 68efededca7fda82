import { isCallLost, isTerminal, openQuestions, own, type TaskRecord } from '@mcp-tasks/client';
import { audienceText } from './audience-text.ts';
import { questionsForPeople, questionText, unanswerableLines } from './question-text.ts';
import { firstTextOf } from './render-result.ts';

export type TaskKind = 'working' | 'asks' | 'completed' | 'failed' | 'cancelled' | 'unknown';

/** Display of a task in tables, lines and its page: kind, state word and message. */
export interface TaskSummary {
  readonly kind: TaskKind;
  /** State in one or two words; JSON has the protocol's status. */
  readonly word: string;
  /** Message, not yet made safe: it may be a server's text. */
  readonly message: string;
}

/** Sign of each kind, because colour alone must not carry meaning. */
export const SIGNS: Readonly<Record<TaskKind, string>> = {
  working: '◐',
  asks: '?',
  completed: '●',
  failed: '✗',
  cancelled: '○',
  unknown: '!',
};
export const ASCII_SIGNS: Readonly<Record<TaskKind, string>> = {
  working: '~',
  asks: '?',
  completed: '+',
  failed: 'x',
  cancelled: 'o',
  unknown: '!',
};

export function summaryOf(record: TaskRecord): TaskSummary {
  if (record.phase === 'settled') return settledSummary(record);
  if (record.phase === 'intent') {
    if (!isCallLost(record)) return { kind: 'working', word: 'called', message: 'no answer yet' };
    return { kind: 'unknown', word: 'unknown', message: `may have run${reasonText(record.trouble)}` };
  }
  return withCancel(record, openSummary(record));
}

function reasonText(reason: string | undefined): string {
  return reason === undefined ? '' : `: ${reason}`;
}

function openSummary(record: TaskRecord): TaskSummary {
  const asked = Object.entries(questionsForPeople(record));
  if (asked.length > 0) {
    const message = asked
      .map(([key, request]) => `asks ${key}${audienceText(record, key)}: ${questionText(request)}`)
      .join(' · ');
    return { kind: 'asks', word: 'needs input', message };
  }
  if (isChanged(record)) {
    return {
      kind: 'asks',
      word: 'needs input',
      message: 'asks something else than what was answered: open it to see both',
    };
  }
  const message = record.trouble ?? record.statusMessage ?? '';
  if (Object.keys(openQuestions(record)).length > 0) {
    const [why = ''] = unanswerableLines(record);
    return { kind: 'unknown', word: 'needs input', message: why.slice(record.id.length + 2) };
  }
  // The task has ended, but its result is not fetched yet.
  if (isTerminal(record.status)) return { kind: record.status, word: `${record.status}, no result yet`, message };
  if (record.status === 'input_required') {
    const isAnswered = Object.keys(record.inputRequests).length > 0;
    return { kind: 'working', word: isAnswered ? 'answered' : 'needs input', message };
  }
  return { kind: record.status === 'unknown' ? 'unknown' : 'working', word: record.status, message };
}

function isChanged(record: TaskRecord): boolean {
  return Object.entries(record.ledger).some(
    ([key, entry]) => entry.state === 'refused' && own(record.inputRequests, key) !== undefined,
  );
}

/** Shows a requested cancellation; `cancelled` appears only when the server reports it. */
function withCancel(record: TaskRecord, summary: TaskSummary): TaskSummary {
  if (record.cancelRequestedAt === undefined) return summary;
  return {
    ...summary,
    message: summary.message === '' ? 'cancellation requested' : `cancellation requested · ${summary.message}`,
  };
}

function settledSummary(record: TaskRecord): TaskSummary {
  const { outcome, statusMessage } = record;
  const result = outcome?.result;
  const message =
    outcome?.error?.message ?? statusMessage ?? (result === undefined ? undefined : firstTextOf(result)) ?? '';
  switch (outcome?.status) {
    case 'completed':
      return result?.isError === true
        ? { kind: 'failed', word: 'tool error', message: firstTextOf(result) ?? message }
        : { kind: 'completed', word: 'completed', message };
    case 'failed':
    case 'cancelled':
      return { kind: outcome.status, word: outcome.status, message };
    case 'expired':
      return { kind: 'failed', word: 'expired', message: 'the server no longer knows it' };
    case 'auth_required':
      return { kind: 'failed', word: 'sign-in needed', message: 'the server requires a sign-in' };
    default:
      return { kind: 'unknown', word: outcome?.status ?? 'unknown', message };
  }
}

/** Time of the last successful poll of an open task, or of its end, in ms since the epoch. */
export function lastUpdateOf(record: TaskRecord): number {
  return record.phase === 'settled' ? record.updatedAt : record.observedAt;
}

/** Age in its largest unit only, such as `3 min`, for lists. */
export function coarseAge(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min`;
  return seconds < 86_400 ? `${Math.floor(seconds / 3_600)} h` : `${Math.floor(seconds / 86_400)} d`;
}
