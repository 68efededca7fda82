import { own } from '../../task/own.ts';
import { digestQuestion } from '../../task/question.ts';
import type { TaskRecord } from '../../task/record.ts';
import type { InputRequest } from '../../task/task.ts';

const PREFIX = 'question-';

/**
 * A key for a question that came as a request of the server, which gives none. The same question gets the same key. If
 * this stream has brought it before, it is another question and gets the next key. So it is if it was answered, unless
 * it comes on a new stream and the task was not seen to go on: then its answer may not have arrived.
 */
export function questionKey(record: TaskRecord, request: InputRequest, heard: ReadonlySet<string>): string {
  const base = `${PREFIX}${digestQuestion(request).slice(0, 6)}`;
  for (let count = 1; ; count += 1) {
    const key = count === 1 ? base : `${base}-${count}`;
    const entry = own(record.ledger, key);
    const isOver = entry?.state === 'acknowledged' && entry.response === undefined;
    if (!isOver && !heard.has(key)) return key;
  }
}
