import { TaskError } from '../errors.ts';
import { settle } from '../machine/observe.ts';
import type { TaskRecord } from '../task/record.ts';
import { openQuestions } from '../task/record.ts';
import type { PageRequest, RecordFilter, RecordPage } from './task-store.ts';

export function isOpen(record: TaskRecord): boolean {
  return record.phase !== 'settled';
}

/** The work a record needs: `drive` its open task, or `deliver` its end. */
export type Duty = 'drive' | 'deliver';

/** Undefined if no work is left: the end was delivered, no delivery is owed, or the response to the call was lost. */
export function dutyOf(record: TaskRecord): Duty | undefined {
  if (!isOpen(record)) return record.deliveredAt === null ? 'deliver' : undefined;
  return record.contact?.kind === 'lost' ? undefined : 'drive';
}

/** Sort key of a record in a list. */
export interface Place {
  readonly open: boolean;
  readonly createdAt: number;
  readonly id: string;
}

function placeOf(record: TaskRecord): Place {
  return { open: isOpen(record), createdAt: record.createdAt, id: record.id };
}

/** Open first, then newest; the id breaks ties, so that all stores sort alike. */
function comparePlaces(a: Place, b: Place): number {
  if (a.open !== b.open) return a.open ? -1 : 1;
  if (a.createdAt !== b.createdAt) return b.createdAt - a.createdAt;
  return a.id < b.id ? -1 : Number(a.id > b.id);
}

export function compareRecords(a: TaskRecord, b: TaskRecord): number {
  return comparePlaces(placeOf(a), placeOf(b));
}

/** A page cursor as text. */
export function formatCursor({ open, createdAt, id }: Place): string {
  return `${Number(open)}.${createdAt}.${id}`;
}

/** @throws {TypeError} for a text that is no cursor */
export function parseCursor(text: string): Place {
  const [, open, createdAt, id] = /^([01])\.(-?\d+(?:\.\d+)?)\.(.+)$/s.exec(text) ?? [];
  if (id === undefined) throw new TypeError(`"${text}" is not the cursor of a page`);
  return { open: open === '1', createdAt: Number(createdAt), id };
}

/** The requested page of a sorted list. */
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
 * Identity of a task across records; undefined before the server gave a task id, and for a command, whose every process
 * has its own ids. The name of a protocol stands for all its revisions.
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

/** True for the write that stores the task id of a call. An older open record with that id is then superseded. */
export function assignsTaskId(before: TaskRecord, after: TaskRecord): boolean {
  return before.taskId === null && after.taskId !== null && isOpen(after);
}

/**
 * True if the new task id ends an older open record with that id. Two processes of a command may give equal ids, so a
 * task of a command that another owner holds stays open.
 */
export function isSuperseded(older: TaskRecord, newer: TaskRecord, holder: string | null, writer?: string): boolean {
  if (older.id === newer.id || older.taskId !== newer.taskId || !isOpen(older)) return false;
  if (newer.server.target.kind !== 'command') return identityOf(older) === identityOf(newer);
  const isSameServer =
    older.server.fingerprint === newer.server.fingerprint && older.server.account === newer.server.account;
  return isSameServer && (holder === null || holder === writer);
}

/** Settles a record whose task id the server reused for a later call. */
export function settleSuperseded(older: TaskRecord, newer: TaskRecord): TaskRecord {
  const message =
    `${older.server.label} reused the id of this task for a later call, ${newer.id}: ` +
    'it no longer has this task, and the outcome is unknown';
  const outcome = { status: 'unknown', error: { code: null, message } } as const;
  return settle(older, outcome, Math.max(older.updatedAt, newer.updatedAt));
}

/** Key that only one open record may have; undefined without a key, and for a settled record. */
export function openKeyOf(record: TaskRecord): string | undefined {
  if (record.key === undefined || !isOpen(record)) return undefined;
  return JSON.stringify([record.server.fingerprint, record.server.account ?? '', record.key]);
}

/** @throws {TypeError} if a change renames the record */
export function assertSameRecord(before: TaskRecord, after: TaskRecord): void {
  if (before.id !== after.id) throw new TypeError(`A change may not rename record ${before.id} to ${after.id}.`);
}

export function duplicateRecord(record: TaskRecord, cause?: unknown): TaskError {
  const named = record.taskId === null ? `record ${record.id}` : `task ${record.taskId} of ${record.server.label}`;
  return new TaskError('ambiguous-id', `A record of ${named} already exists.`, {
    hint: 'Resume that record instead of making a second one.',
    cause,
  });
}

export function keyConflict(record: TaskRecord, cause?: unknown): TaskError {
  return new TaskError('key-conflict', `An open call to ${record.server.label} already has the key "${record.key}".`, {
    hint: 'Join that call, or wait until it has ended.',
    cause,
  });
}
