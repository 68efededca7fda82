import { type Outcome, own, type Progress, type TaskChange, type TaskRecord } from '@mcp-tasks/client';
import { formatDuration } from './duration.ts';
import { errorText } from './error-details.ts';
import { questionsForPeople, questionText, unanswerableLines, unanswerableReason } from './question-text.ts';
import { safeText } from './safe-text.ts';
import { statusWord } from './status-word.ts';

const name = (text: string): string => safeText(text, { maxLength: 80 });
const message = (text: string): string => safeText(text, { maxLength: 500 });

/** `k7f3q2  release on demo` */
export function titleOf(record: TaskRecord): string {
  return `${record.id}  ${name(record.tool)} on ${name(record.server.label)}`;
}

/** One line per update, starting with the task's id to distinguish tasks. */
export function lineOfUpdate(update: TaskChange): string | undefined {
  const { record } = update;
  switch (update.kind) {
    case 'status':
      return record.phase === 'settled' || record.phase === 'intent' ? undefined : statusLine(record);
    case 'progress':
      return `${record.id}  ${progressText(update)}`;
    case 'question': {
      const why = unanswerableReason(update.request);
      if (why !== undefined) return `${record.id}  warning: ${name(update.key)} cannot be answered: the server ${why}`;
      return `${record.id}  asks ${name(update.key)}: ${questionText(update.request)}`;
    }
    case 'question-withdrawn':
      return record.phase === 'settled' || own(record.ledger, update.key)?.state !== 'open'
        ? undefined
        : `${record.id}  no longer asks ${name(update.key)}`;
    case 'warning':
      return `${record.id}  warning: ${serverPrefix(update)}${message(update.message)}`;
    case 'settled':
      return outcomeLine(record, update.outcome);
  }
}

/** `12/40  Building`; `31 %` for a total that is not a count; without a total, the value alone. */
export function progressText({ progress, total, message: about }: Progress): string {
  const text = about === undefined ? '' : `  ${message(about)}`;
  if (total === undefined || !(total > 0)) return `${numberText(progress)}${text}`;
  const isCount = Number.isInteger(progress) && Number.isInteger(total) && total !== 100;
  return `${isCount ? `${progress}/${total}` : `${Math.floor((progress / total) * 100)} %`}${text}`;
}

function numberText(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(1);
}

/** Prefixes warnings with the server's label, since several servers may be watched. */
function serverPrefix({ message: text, record }: Extract<TaskChange, { kind: 'warning' }>): string {
  const label = name(record.server.label);
  return text === record.trouble && !text.includes(label) ? `${label}: ` : '';
}

export function statusLine(record: TaskRecord): string {
  const cancelling = record.cancelRequestedAt === undefined ? '' : ' (cancellation requested)';
  const about = record.statusMessage === undefined ? '' : `  ${message(record.statusMessage)}`;
  return `${record.id}  ${statusWord(record.status)}${cancelling}${about}`;
}

/** Hide ages under a second. */
const MIN_AGE_MS = 1_000;

/**
 * Age of the shown state and time until the next poll; undefined if either is under a second. In a shared store only a
 * worker polls, so the age is shown even when the poll is due.
 */
export function ageOf(
  { phase, observedAt, nextPollAt }: TaskRecord,
  now: number,
  isShared = false,
): string | undefined {
  const age = now - observedAt;
  const left = (nextPollAt ?? 0) - now;
  if (phase !== 'open' || age < MIN_AGE_MS) return undefined;
  if (left < MIN_AGE_MS) return isShared ? `as of ${formatDuration(age)} ago` : undefined;
  return `as of ${formatDuration(age)} ago; the server may be asked again in ${formatDuration(left)}`;
}

/** Warning for a task of a shared store without a live worker. */
export function noWorkerLine(id: string): string {
  return `${id}  no worker is running; the task goes on when one starts`;
}

const endings: Readonly<Record<Outcome['status'], string>> = {
  completed: 'completed',
  failed: 'failed',
  cancelled: 'cancelled',
  expired: 'expired: the server no longer knows the task',
  unreachable: 'unreachable: the task goes on, its record stays',
  input_required: 'needs input: no terminal to ask in',
  timed_out: 'not finished in time; the task goes on',
  detached: 'stopped watching; the task keeps running',
  auth_required: 'sign-in needed; the task goes on',
  unknown: 'unknown: may have run',
};

function endingOf(record: TaskRecord, { status }: Outcome): string {
  const needsInput = status === 'input_required' && record.phase !== 'settled';
  if (needsInput && Object.keys(questionsForPeople(record)).length === 0 && unanswerableLines(record).length > 0)
    return 'needs input that mcp-tasks cannot give';
  return endings[status];
}

export function outcomeLine(record: TaskRecord, outcome: Outcome): string {
  const took = record.phase === 'settled' ? ` after ${formatDuration(record.updatedAt - record.createdAt)}` : '';
  const isError = outcome.status === 'completed' && outcome.result?.isError === true;
  const ending = isError ? 'completed with an error' : endingOf(record, outcome);
  const why = outcome.error === undefined ? '' : ` (${message(errorText(outcome.error))})`;
  return `${record.id}  ${ending}${took}${why}`;
}

/** Warning for numbers of a result that lost digits in JavaScript. */
export function lostDigitsLine(numeral: string): string {
  return `Digits were lost: the server sent ${numeral}, which is shown as ${Number(numeral)}`;
}
