import { isCallLost, openQuestions, type TaskRecord } from '@mcp-tasks/client';
import { audienceText } from './audience-text.ts';
import { formatDuration } from './duration.ts';
import { errorDetails, errorText } from './error-details.ts';
import { questionText, unanswerableReason } from './question-text.ts';
import { safeText } from './safe-text.ts';
import { statusWord } from './status-word.ts';
import { factsOf } from './task-facts.ts';
import { summaryOf } from './task-summary.ts';

/** All fields of one record except its result, one per line. */
export function recordDetail(record: TaskRecord, now: number): string {
  const { outcome } = record;
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['id', record.id],
    ['tool', record.tool],
    ['arguments', JSON.stringify(record.arguments)],
    ['status', statusOf(record)],
    ['message', record.statusMessage],
    ...Object.entries(openQuestions(record)).map(([key, request]) => {
      const text = unanswerableReason(request) ?? questionText(request);
      return ['question', `${key}${audienceText(record, key)}: ${text}`] as const;
    }),
    ...factsOf(record, { now, duration: formatDuration }).map(({ name, text }) => [name, text] as const),
    ['error', outcome?.error && errorText(outcome.error)],
  ];
  const lines = rows
    .filter((row): row is readonly [string, string] => row[1] !== undefined)
    .map(([name, value]) => `${name.padEnd(13)}  ${safeText(value, { maxLength: 5_000 })}`);
  const history = record.history.map(({ at, status, message }) => {
    const time = new Date(at).toISOString();
    return `  ${time}  ${statusWord(status)}${message === undefined ? '' : `  ${safeText(message, { maxLength: 500 })}`}`;
  });
  return [
    ...lines,
    ...errorDetails(outcome?.error?.data),
    ...(history.length === 0 ? [] : ['history', ...history]),
    ...(outcome?.result === undefined ? [] : ['result']),
  ].join('\n');
}

function statusOf(record: TaskRecord): string {
  const { word, message } = summaryOf(record);
  if (record.phase !== 'intent') return word;
  return isCallLost(record) ? 'unknown: may have run' : `${word}, ${message}`;
}
