import { TaskError } from '../errors.ts';
import type { TaskRecord } from '../task/record.ts';
import { type ParsedRecord, parseRecord } from '../task/record-parse.ts';
import type { Found, SkippedRecord } from './task-store.ts';

/**
 * What becomes of a record's text before it is stored, and back: encryption, say. What the database looks for (ids,
 * server, labels as digests or words, instants) stands beside it in clear.
 */
export interface RecordCodec {
  /** The text to be stored: of any letters but NUL. */
  encode(text: string): string;
  /** The text as it was; throws for what it did not encode. Such a record is named in lists and left as it is. */
  decode(stored: string): string;
}

/** A record as a database keeps it. */
interface StoredText {
  readonly id: string;
  readonly body: string;
}

/** How records become the text that a database keeps. */
export interface RecordText {
  format(record: TaskRecord): string;
  parse(body: string): ParsedRecord;
  /** @throws {TaskError} `store-too-new`, `store-corrupt` when this version cannot read it */
  read(row: StoredText): TaskRecord;
  /** What cannot be read is named, and breaks no list. */
  sortOut(rows: readonly StoredText[]): Found;
}

const PLAIN: RecordCodec = { encode: (text) => text, decode: (stored) => stored };

export function createRecordText(codec: RecordCodec = PLAIN): RecordText {
  function parse(body: string): ParsedRecord {
    try {
      return parseRecord(codec.decode(body));
    } catch {
      return { kind: 'damaged', reason: 'it cannot be decoded' };
    }
  }

  return {
    format: (record) => codec.encode(JSON.stringify(record)),
    parse,
    read({ id, body }) {
      const parsed = parse(body);
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
    },
    sortOut(rows) {
      const records: TaskRecord[] = [];
      const skipped: SkippedRecord[] = [];
      for (const { id, body } of rows) {
        const parsed = parse(body);
        if (parsed.kind === 'record') records.push(parsed.record);
        else skipped.push({ id, reason: parsed.reason });
      }
      return { records, skipped };
    },
  };
}
