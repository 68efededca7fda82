import { own } from '../task/own.ts';
import type { TaskRecord } from '../task/record.ts';
import type { InputRequest } from '../task/task.ts';
import { digestQuestion } from './questions.ts';

/** Keys we give to questions that arrive as requests of the server (2025-11-25). */
const STREAM_KEY = 'question-';

export function isStreamKey(key: string): boolean {
  return key.startsWith(STREAM_KEY);
}

/**
 * The same question gets the same key. One that comes while the same stream has brought it before is another question,
 * and gets the next; so does one that was answered, unless it comes on a new stream and the task was not seen to go on,
 * for then its answer may not have arrived.
 */
export function streamKey(record: TaskRecord, request: InputRequest, heardHere: ReadonlySet<string>): string {
  const base = `${STREAM_KEY}${digestQuestion(request).slice(0, 6)}`;
  for (let count = 1; ; count += 1) {
    const key = count === 1 ? base : `${base}-${count}`;
    const entry = own(record.ledger, key);
    const isOver = entry?.state === 'acknowledged' && entry.response === undefined;
    if (!isOver && !heardHere.has(key)) return key;
  }
}
