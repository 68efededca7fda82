import { TaskError } from '../errors.ts';
import { settle } from '../machine/observe.ts';
import type { TaskRecord } from '../task/record.ts';
import { openQuestions } from '../task/record.ts';
import type { PageRequest, RecordFilter, RecordPage } from './task-store.ts';

export function isOpen(record: TaskRecord): boolean {
  return record.phase !== 'settled';
}

/** What a worker is needed for: to drive the task, or to deliver how it ended. */
export type Duty = 'drive' | 'deliver';

/** Undefined where there is nothing to do: the end was delivered, nobody waits for it, or the answer to the call was lost. */
export function dutyOf(record: TaskRecord): Duty | undefined {
  if (!isOpen(record)) return record.deliveredAt === null ? 'deliver' : undefined;
  return record.contact?.kind === 'lost' ? undefined : 'drive';
}

/** What decides a record's place in a list. */
export interface Place {
  readonly open: boolean;
  readonly createdAt: number;
  readonly id: string;
}

function placeOf(record: TaskRecord): Place {
  return { open: isOpen(record), createdAt: record.createdAt, id: record.id };
}

/** Open ones first, then the newest; the id decides a tie, so that every store lists alike. */
function comparePlaces(a: Place, b: Place): number {
  if (a.open !== b.open) return a.open ? -1 : 1;
  if (a.createdAt !== b.createdAt) return b.createdAt - a.createdAt;
  return a.id < b.id ? -1 : Number(a.id > b.id);
}

export function compareRecords(a: TaskRecord, b: TaskRecord): number {
  return comparePlaces(placeOf(a), placeOf(b));
}

/** The place after which a page begins, as text. */
export function formatCursor({ open, createdAt, id }: Place): string {
  return `${Number(open)}.${createdAt}.${id}`;
}

/** @throws {TypeError} for what no page gave as its `next` */
export function parseCursor(text: string): Place {
  const [, open, createdAt, id] = /^([01])\.(-?\d+(?:\.\d+)?)\.(.+)$/s.exec(text) ?? [];
  if (id === undefined) throw new TypeError(`"${text}" is not where a page ended`);
  return { open: open === '1', createdAt: Number(createdAt), id };
}

/** The part of a sorted list that was asked for. */
export function pageOf(sorted: readonly TaskRecord[], { limit, after }: PageRequest): RecordPage {
  const place = after === undefined ? undefined : parseCursor(after);
  const rest = place === undefined ? sorted : sorted.filter((record) => comparePlaces(placeOf(record), place) > 0);
  const records = limit === undefined ? rest : rest.slice(0, limit);
  const last = records.at(-1);
  const next = last === undefined || records.length === rest.length ? {} : { next: formatCursor(placeOf(last)) };
  return { records, skipped: [], ...next };
}

export function isMatching(record: TaskRecord, filter: RecordFilter): boolean {
  const { open, asking, undelivered, fingerprint, key, labels = {}, since } = filter;
  if (open === true && !isOpen(record)) return false;
  if (asking === true && Object.keys(openQuestions(record)).length === 0) return false;
  if (undelivered === true && dutyOf(record) !== 'deliver') return false;
  if (fingerprint !== undefined && record.server.fingerprint !== fingerprint) return false;
  if (key !== undefined && record.key !== key) return false;
  if (since !== undefined && record.updatedAt < since) return false;
  const own = new Map(Object.entries(record.labels ?? {}));
  return Object.entries(labels).every(([name, value]) => own.get(name) === value);
}

/**
 * What makes a task one task wherever it is seen; `undefined` until the server has named it, and for a command, each
 * process of which gives ids of its own. Records that name their protocol outlive a change of its revision.
 */
export function identityOf(record: TaskRecord): string | undefined {
  if (record.taskId === null || record.server.target.kind === 'command') return undefined;
  return JSON.stringify([
    record.server.fingerprint,
    record.protocol ?? record.revision,
    record.server.account ?? '',
    record.taskId,
  ]);
}

/** The server has named the task of a call, just now: an open record of that name is of a task before it. */
export function isNaming(before: TaskRecord, after: TaskRecord): boolean {
  return before.taskId === null && after.taskId !== null && isOpen(after);
}

/**
 * Whether naming one task ends another open record of the same task id. The process of a command may be another one, so
 * a task that another owner leads there is left alone.
 */
export function isOvertaken(older: TaskRecord, newer: TaskRecord, holder: string | null, writer?: string): boolean {
  if (older.id === newer.id || older.taskId !== newer.taskId || !isOpen(older)) return false;
  if (newer.server.target.kind !== 'command') return identityOf(older) === identityOf(newer);
  const isSameServer =
    older.server.fingerprint === newer.server.fingerprint && older.server.account === newer.server.account;
  return isSameServer && (holder === null || holder === writer);
}

/** The record of a task whose id the server gave to a later call: nothing about it can be asked any more. */
export function overtake(older: TaskRecord, newer: TaskRecord): TaskRecord {
  const message =
    `${older.server.label} gave the id of this task to a later call, ${newer.id}: ` +
    'it does not have this task any more, and what became of it is not known';
  const outcome = { status: 'unknown', error: { code: null, message } } as const;
  return settle(older, outcome, Math.max(older.updatedAt, newer.updatedAt));
}

/** What only one open record may have; `undefined` without a key and once it has ended. */
export function openKeyOf(record: TaskRecord): string | undefined {
  if (record.key === undefined || !isOpen(record)) return undefined;
  return JSON.stringify([record.server.fingerprint, record.server.account ?? '', record.key]);
}

/** @throws {TaskError} when a change would make another record of it. */
export function assertSameRecord(before: TaskRecord, after: TaskRecord): void {
  if (before.id !== after.id) throw new TypeError(`A change may not rename record ${before.id} to ${after.id}.`);
}

export function duplicateRecord(record: TaskRecord, cause?: unknown): TaskError {
  const named = record.taskId === null ? `record ${record.id}` : `task ${record.taskId} of ${record.server.label}`;
  return new TaskError('ambiguous-id', `There is a record of ${named} already.`, {
    hint: 'Resume that record instead of making a second one.',
    cause,
  });
}

export function keyConflict(record: TaskRecord, cause?: unknown): TaskError {
  return new TaskError('key-conflict', `An open call to ${record.server.label} has the key "${record.key}" already.`, {
    hint: 'Join that call, or wait until it has ended.',
    cause,
  });
}
