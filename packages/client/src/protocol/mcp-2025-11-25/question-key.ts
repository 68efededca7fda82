import { own } from '../../task/own.ts';
import { digestQuestion } from '../../task/question.ts';
import type { TaskRecord } from '../../task/record.ts';
import type { InputRequest } from '../../task/task.ts';

const PREFIX = 'question-';

/**
 * A key for a question that came as a server request, which has none. Equal questions get the same key; a question gets
 * the next key if this stream has brought it before, or if it was answered. Exception: an answered question keeps its
 * key on a new stream until the task is seen to continue, since the answer may have been lost.
 */
export function questionKey(record: TaskRecord, request: InputRequest, received: ReadonlySet<string>): string {
  const base = `${PREFIX}${digestQuestion(request).slice(0, 6)}`;
  for (let count = 1; ; count += 1) {
    const key = count === 1 ? base : `${base}-${count}`;
    const entry = own(record.ledger, key);
    const isOver = entry?.state === 'acknowledged' && entry.response === undefined;
    if (!isOver && !received.has(key)) return key;
  }
}
