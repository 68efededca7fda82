import { isJsonObject, isTerminal, openQuestions, own, type TaskRecord } from '@mcp-tasks/client';
import { readQuestion } from './read-question.ts';

export type FaceKind = 'working' | 'asks' | 'completed' | 'failed' | 'cancelled' | 'unknown';

/** What a task looks like in one row: the sign, the word for it, and what there is to say. */
export interface Face {
  readonly kind: FaceKind;
  readonly word: string;
  readonly message: string;
}

/** Whether something may still happen without a person settling it: a call that got lost stays as it is. */
export function isPending(record: TaskRecord): boolean {
  return record.phase !== 'settled' && !isLost(record);
}

/** The call was sent, no answer came, and nobody waits for one any more. */
export function isLost(record: TaskRecord): boolean {
  return record.phase === 'intent' && record.contact?.kind === 'lost';
}

/** The last thing we asked the server about it got no answer; it is asked again. */
export function isUnheard(record: TaskRecord): boolean {
  return isPending(record) && record.contact?.kind === 'silent';
}

export function faceOf(record: TaskRecord): Face {
  if (record.phase === 'settled') return settledFace(record);
  if (record.phase === 'intent') {
    if (isLost(record)) return lostFace(record);
    return { kind: 'working', word: 'called', message: 'called, no answer yet' };
  }
  const [asked] = Object.values(openQuestions(record));
  if (asked !== undefined) {
    const { message } = readQuestion(asked);
    return { kind: 'asks', word: 'asks', message: cancelling(record, message) };
  }
  const changed = Object.entries(record.ledger).some(
    ([key, entry]) => entry.state === 'refused' && own(record.inputRequests, key) !== undefined,
  );
  if (changed) {
    const message = 'asks something else than what was answered: open it to see both';
    return { kind: 'asks', word: 'asks again', message: cancelling(record, message) };
  }
  const said = record.trouble ?? record.statusMessage ?? '';
  // Over, but what came of it has still to be fetched.
  if (isTerminal(record.status)) return { kind: record.status, word: `${record.status}, no result yet`, message: said };
  if (record.status === 'input_required') {
    const answered = Object.keys(record.inputRequests).length > 0;
    return { kind: 'working', word: answered ? 'answered' : 'needs input', message: cancelling(record, said) };
  }
  if (record.status === 'unknown') return { kind: 'unknown', word: 'unknown', message: said };
  return { kind: 'working', word: record.status, message: cancelling(record, said) };
}

function lostFace({ trouble }: TaskRecord): Face {
  const why = trouble === undefined ? '' : `: ${trouble}`;
  return { kind: 'unknown', word: 'unknown', message: `unknown, may have run${why}` };
}

/** Never painted cancelled before the server says so. */
function cancelling(record: TaskRecord, said: string): string {
  if (record.cancelRequestedAt === undefined) return said;
  return said === '' ? 'cancellation requested' : `cancellation requested · ${said}`;
}

function settledFace(record: TaskRecord): Face {
  const { outcome } = record;
  const said = outcome?.error?.message ?? firstText(record) ?? record.statusMessage ?? '';
  switch (outcome?.status) {
    case 'completed':
      return outcome.result?.isError === true
        ? { kind: 'failed', word: 'tool error', message: said }
        : { kind: 'completed', word: 'completed', message: said };
    case 'failed':
      return { kind: 'failed', word: 'failed', message: said };
    case 'cancelled':
      return { kind: 'cancelled', word: 'cancelled', message: record.statusMessage ?? 'cancelled' };
    case 'expired':
      return { kind: 'failed', word: 'expired', message: 'expired: its server no longer knows it' };
    case 'auth_required':
      return { kind: 'failed', word: 'sign-in needed', message: 'the server wants authentication' };
    default:
      return { kind: 'unknown', word: outcome?.status ?? 'unknown', message: said };
  }
}

function firstText(record: TaskRecord): string | undefined {
  const content = record.outcome?.result?.content;
  if (!Array.isArray(content)) return undefined;
  for (const block of content) {
    if (isJsonObject(block) && block.type === 'text' && typeof block.text === 'string')
      return block.text.slice(0, 1_000);
  }
  return undefined;
}
