import { openQuestions, type TaskRecord } from '../../task/record.ts';
import { type Duty, dutyOf, identityOf, isOpen } from '../record-rules.ts';

/** Search columns of a record. The record itself is the text in `body`. */
export interface Columns {
  readonly identity: string | null;
  readonly taskId: string | null;
  readonly fingerprint: string;
  readonly account: string;
  readonly key: string | null;
  readonly labels: string | null;
  readonly open: 0 | 1;
  readonly asking: 0 | 1;
  readonly duty: Duty | null;
  readonly createdAt: number;
}

export function columnsOf(record: TaskRecord): Columns {
  return {
    identity: identityOf(record) ?? null,
    taskId: record.taskId,
    fingerprint: record.server.fingerprint,
    account: record.server.account ?? '',
    key: record.key ?? null,
    labels: record.labels === undefined ? null : JSON.stringify(record.labels),
    open: isOpen(record) ? 1 : 0,
    asking: Object.keys(openQuestions(record)).length > 0 ? 1 : 0,
    duty: dutyOf(record) ?? null,
    createdAt: record.createdAt,
  };
}

export function isSameColumns(a: Columns, b: Columns): boolean {
  return (Object.keys(a) as (keyof Columns)[]).every((name) => a[name] === b[name]);
}
