import { expiryOf, isCallLost, openQuestions, type TaskRecord } from '@mcp-tasks/client';
import { audienceText } from './audience-text.ts';
import { formatDuration } from './duration.ts';
import { errorDetails, errorText } from './error-details.ts';
import { questionText, whyUnanswerable } from './question-text.ts';
import { safeText } from './safe-text.ts';
import { statusWord } from './status-word.ts';
import { describeTarget } from './task-document.ts';
import { lookOf } from './task-look.ts';

/** All fields of one record except its result, one per line. */
export function recordDetail(record: TaskRecord, now: number): string {
  const rows: (readonly [string, string | undefined])[] = [
    ['id', record.id],
    ['task id', record.taskId ?? 'none yet'],
    ['server', `${record.server.label} (${describeTarget(record.server.target)})`],
    ['revision', record.revision],
    ['tool', record.tool],
    ['rerun of', record.rerunOf],
    ['arguments', JSON.stringify(record.arguments)],
    ['status', statusOf(record)],
    ['message', record.statusMessage],
    ['trouble', record.trouble],
    ['called', `${formatDuration(now - record.createdAt)} ago`],
    ['last update', `${formatDuration(now - record.observedAt)} ago`],
    ['time to live', lifetime(record, now)],
    ['cancellation', cancellation(record)],
    ...Object.entries(openQuestions(record)).map(
      ([key, request]) =>
        [
          'question',
          `${key}${audienceText(record, key)}: ${whyUnanswerable(request) ?? questionText(request)}`,
        ] as const,
    ),
    ...Object.entries(record.ledger)
      .filter(([, { state }]) => state === 'answering' && record.phase !== 'settled')
      .map(([key]) => ['answer', `${key}: on its way, not acknowledged yet`] as const),
    ...Object.entries(record.ledger).flatMap(([key, { by }]) =>
      by === undefined ? [] : [['answered', `${key}: by ${by}`] as const],
    ),
    ['error', record.outcome?.error && errorText(record.outcome.error)],
  ];
  const lines = rows
    .filter((row): row is readonly [string, string] => row[1] !== undefined)
    .map(([name, value]) => `${name.padEnd(13)}  ${safeText(value, { maxLength: 5_000 })}`);
  const history = record.history.map(({ at, status, message }) => {
    const time = new Date(at).toISOString();
    return `  ${time}  ${statusWord(status)}${message === undefined ? '' : `  ${safeText(message, { maxLength: 500 })}`}`;
  });
  const { result, error } = record.outcome ?? {};
  return [
    ...lines,
    ...errorDetails(error?.data),
    ...(history.length === 0 ? [] : ['history', ...history]),
    ...(result === undefined ? [] : ['result']),
  ].join('\n');
}

function statusOf(record: TaskRecord): string {
  const { word, said } = lookOf(record);
  if (record.phase !== 'intent') return word;
  return isCallLost(record) ? 'unknown: may have run' : `${word}, ${said}`;
}

function lifetime(record: TaskRecord, now: number): string | undefined {
  const expiresAt = expiryOf(record);
  if (record.phase === 'settled') return undefined;
  if (record.ttlMs === null) return 'no limit';
  if (typeof record.ttlMs !== 'number' || expiresAt === undefined) return undefined;
  const left = expiresAt - now;
  if (left <= 0) return `passed ${formatDuration(-left)} ago; the server may have forgotten it`;
  return `about ${formatDuration(left)} left of ${formatDuration(record.ttlMs)}`;
}

function cancellation(record: TaskRecord): string | undefined {
  if (record.cancelRequestedAt === undefined || record.phase === 'settled') return undefined;
  return record.cancelAcknowledgedAt === undefined
    ? 'wanted, not sent yet'
    : 'requested; the server has not ended it yet';
}
