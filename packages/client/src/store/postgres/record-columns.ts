import { createHash } from 'node:crypto';
import { writersOf } from '../../task/audience.ts';
import { openQuestions, type TaskRecord } from '../../task/record.ts';
import { type Duty, dutyOf, identityOf, isOpen, openKeyOf } from '../record-rules.ts';

/** Length of the task id prefix in the database; the rest of longer ids is compared here. */
export const TASK_ID_LENGTH = 200;

/** Search columns of a record. The record itself is the text in `body`. */
export interface Columns {
  readonly identity: string | null;
  readonly taskId: string | null;
  readonly fingerprint: string;
  readonly account: string;
  readonly key: string | null;
  readonly callKey: string | null;
  /** Digests, separated by a space. */
  readonly labels: string | null;
  readonly open: boolean;
  readonly asking: boolean;
  readonly duty: Duty | null;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly nextPollAt: number | null;
  /** Digests of the names of those who may answer, separated by a space; null for anyone. */
  readonly audience: string | null;
}

/** PostgreSQL refuses NUL in a text. */
export function plain(text: string): string {
  return text.replaceAll('\u0000', '\u2400');
}

/** A digest short enough for every index, from which the text cannot be read. */
export function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 22);
}

function digestOf(text: string | undefined): string | null {
  return text === undefined ? null : digest(text);
}

export function labelDigests(labels: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(labels).map((label) => digest(JSON.stringify(label)));
}

export function columnsOf(record: TaskRecord): Columns {
  const { taskId, server, key, labels, createdAt, updatedAt, nextPollAt = null } = record;
  return {
    identity: digestOf(identityOf(record)),
    taskId: taskId === null ? null : plain(taskId.slice(0, TASK_ID_LENGTH)),
    fingerprint: plain(server.fingerprint),
    account: plain(server.account ?? ''),
    key: digestOf(key),
    callKey: digestOf(openKeyOf(record)),
    labels: labels === undefined ? null : labelDigests(labels).join(' '),
    open: isOpen(record),
    asking: Object.keys(openQuestions(record)).length > 0,
    duty: dutyOf(record) ?? null,
    createdAt,
    updatedAt,
    nextPollAt,
    audience: writersOf(record)?.map(digest).join(' ') ?? null,
  };
}
