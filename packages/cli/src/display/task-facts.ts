import { expiryOf, own, type TaskRecord } from '@mcp-tasks/client';
import { questionText } from './question-text.ts';
import { describeTarget } from './task-document.ts';
import { lastUpdateOf } from './task-summary.ts';

/** One named fact about a task; its text is not made safe yet. */
export interface Fact {
  readonly name: string;
  readonly text: string;
  readonly tone: 'plain' | 'warn' | 'ask';
}

/** How a view formats facts, and what it knows beyond the record. */
export interface FactOptions {
  readonly now: number;
  readonly duration: (ms: number) => string;
  /** Formats a time by the clock. @default only its age is shown */
  readonly clock?: ((at: number) => string) | undefined;
  /** Last poll, if it is not saved yet; `orLater` means that another process may have polled since. */
  readonly lastPoll?: { readonly at: number; readonly orLater: boolean } | undefined;
  /** Command or key that answers this question again, if it can be. */
  readonly again?: ((key: string) => string) | undefined;
}

/** Minimum time without a change that is shown, in ms. */
const QUIET_MS = 60_000;

/** Facts about a task besides its state and questions, the same in every view. */
export function factsOf(record: TaskRecord, options: FactOptions): readonly Fact[] {
  const fact = (name: string, text: string | undefined, tone: Fact['tone'] = 'plain'): readonly Fact[] =>
    text === undefined || text === '' ? [] : [{ name, text, tone }];
  return [
    ...Object.entries(record.ledger).flatMap(([key, entry]) => answerFacts(record, key, entry, options)),
    ...fact('trouble', record.trouble, 'warn'),
    ...fact('cancellation', cancellationOf(record, options), 'warn'),
    ...fact('task id', record.taskId ?? (record.phase === 'settled' ? 'none: no task was made' : 'none yet')),
    ...fact('server', serverOf(record)),
    ...fact('revision', record.revision),
    ...fact('session', record.sessionId),
    ...fact('rerun of', record.rerunOf),
    ...fact('called', calledAt(record, options)),
    ...fact('last update', lastUpdate(record, options)),
    ...fact('time to live', lifetimeOf(record, options)),
  ];
}

type Entry = TaskRecord['ledger'][string];

function answerFacts(
  record: TaskRecord,
  key: string,
  entry: Entry,
  { now, duration, again }: FactOptions,
): readonly Fact[] {
  const how = again?.(key) ?? '';
  const request = own(record.inputRequests, key);
  const by: readonly Fact[] =
    entry.by === undefined ? [] : [{ name: 'answered', text: `${key}: by ${entry.by}`, tone: 'plain' }];
  if (entry.state === 'refused') {
    const refused: Fact = { name: 'refused', text: `${key}: ${entry.reason}${how}`, tone: 'warn' };
    return [
      ...by,
      refused,
      ...(request === undefined ? [] : [{ name: 'now asks', text: questionText(request), tone: 'ask' } as const]),
    ];
  }
  if (record.phase === 'settled') return by;
  if (entry.state === 'answering') {
    return [...by, { name: 'answer', text: `${key}: on its way, not acknowledged yet`, tone: 'plain' }];
  }
  if (entry.state !== 'acknowledged' || request === undefined) return by;
  const since = duration(now - entry.at);
  const text = `${key}: acknowledged ${since} ago, the status has not changed${how}`;
  return [...by, { name: 'answer', text, tone: 'plain' }];
}

function cancellationOf(record: TaskRecord, { now, duration }: FactOptions): string | undefined {
  if (record.cancelRequestedAt === undefined) return undefined;
  const asked = `requested ${duration(now - record.cancelRequestedAt)} ago`;
  if (record.phase === 'settled') return asked;
  return record.cancelAcknowledgedAt === undefined
    ? `${asked}, not acknowledged yet`
    : `${asked}, acknowledged; the server has not ended it yet`;
}

function serverOf({ server: { label, target } }: TaskRecord): string {
  const where = describeTarget(target);
  return where === label ? where : `${label} (${where})`;
}

function calledAt({ createdAt, updatedAt, phase }: TaskRecord, { now, duration, clock }: FactOptions): string {
  const at = clock === undefined ? '' : `${clock(createdAt)}, `;
  const took = phase === 'settled' ? `, took ${duration(updatedAt - createdAt)}` : '';
  return `${at}${duration(now - createdAt)} ago${took}`;
}

function lastUpdate(record: TaskRecord, { now, duration, lastPoll }: FactOptions): string | undefined {
  if (record.taskId === null && record.phase !== 'settled') return undefined;
  const at = Math.max(lastUpdateOf(record), lastPoll?.at ?? 0);
  const orLater = lastPoll?.orLater === true ? ' or later' : '';
  const still = now - (record.history.at(-1)?.at ?? record.createdAt);
  const quiet = record.phase !== 'settled' && still >= QUIET_MS ? `, no change for ${duration(still)}` : '';
  return `${duration(now - at)} ago${orLater}${quiet}`;
}

function lifetimeOf(record: TaskRecord, { now, duration }: FactOptions): string | undefined {
  const expiresAt = expiryOf(record);
  if (record.phase === 'settled') return undefined;
  if (record.ttlMs === null) return 'no limit';
  if (typeof record.ttlMs !== 'number' || expiresAt === undefined) return undefined;
  const left = expiresAt - now;
  if (left <= 0) return `passed ${duration(-left)} ago; the server may have forgotten it`;
  return `about ${duration(left)} left of ${duration(record.ttlMs)}`;
}
