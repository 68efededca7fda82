import { TaskError } from '../errors.ts';
import type { TaskRecord } from '../task/record.ts';
import { type ParsedRecord, parseRecord } from '../task/record-parse.ts';
import type { Found, SkippedRecord } from './task-store.ts';

/**
 * Transforms a record's text for storage and back, for example by encryption. Search columns (ids, server, labels,
 * times) stay in clear.
 */
export interface RecordCodec {
  /** Returns the text to store: any characters but NUL. */
  encode(text: string): string;
  /** Restores the text; throws for foreign text. Such a record is listed as skipped and left unchanged. */
  decode(stored: string): string;
}

interface StoredText {
  readonly id: string;
  readonly body: string;
}

/** Converts records to stored text and back. */
export interface RecordText {
  format(record: TaskRecord): string;
  parse(body: string): ParsedRecord;
  /** @throws {TaskError} `store-too-new`, `store-corrupt` when this version cannot read it */
  read(row: StoredText): TaskRecord;
  /** Parses rows; unreadable ones are listed as skipped. */
  parseAll(rows: readonly StoredText[]): Found;
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
            hint: 'A newer mcp-tasks wrote it: update this one. The record is unchanged.',
          });
        case 'damaged':
          throw new TaskError('store-corrupt', `Record ${id} is damaged: ${parsed.reason}`, {
            hint: `It is unchanged. Delete it: mcp-tasks forget ${id}`,
          });
      }
    },
    parseAll(rows) {
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
