import { TaskError } from '../errors.ts';
import type { TaskRecord } from '../task/record.ts';
import { parseRecord } from '../task/record-parse.ts';
import type { Found, SkippedRecord } from './task-store.ts';

/** A record as a database keeps it. */
export interface StoredText {
  readonly id: string;
  readonly body: string;
}

/** @throws {TaskError} `store-too-new`, `store-corrupt` when this version cannot read it */
export function readRow({ id, body }: StoredText): TaskRecord {
  const parsed = parseRecord(body);
  switch (parsed.kind) {
    case 'record':
      return parsed.record;
    case 'newer':
      throw new TaskError('store-too-new', `Record ${id} cannot be read here: ${parsed.reason}`, {
        hint: 'A newer mcp-tasks wrote it: update this one. The record was not touched.',
      });
    case 'damaged':
      throw new TaskError('store-corrupt', `Record ${id} is damaged: ${parsed.reason}`, {
        hint: `It was not touched. Delete it: mcp-tasks forget ${id}`,
      });
  }
}

/** What cannot be read is named, and breaks no list. */
export function sortOut(rows: readonly StoredText[]): Found {
  const records: TaskRecord[] = [];
  const skipped: SkippedRecord[] = [];
  for (const { id, body } of rows) {
    const parsed = parseRecord(body);
    if (parsed.kind === 'record') records.push(parsed.record);
    else skipped.push({ id, reason: parsed.reason });
  }
  return { records, skipped };
}
