import type { TaskRecord } from '@mcp-tasks/client';
import { distinctArguments } from './distinct-arguments.ts';
import { RECORD_COLUMNS, type RecordColumn } from './record-columns.ts';
import { safeText } from './safe-text.ts';
import { type Column, columnsTable, table } from './table.ts';
import { ASCII_SIGNS, coarseAge, lastUpdateOf, SIGNS, summaryOf } from './task-summary.ts';

export interface TableOptions {
  readonly now: number;
  /** Width of the terminal in columns; undefined for a pipe, where nothing is cut. */
  readonly width: number | undefined;
  readonly unicode: boolean;
  /** Columns, in this order. @default those that fit the width */
  readonly columns?: readonly RecordColumn[] | undefined;
}

/** Minimum width for the state in words and for the server column. */
const WIDE = 100;

/** Table of records, one row each: on a terminal the message column fills the width, in a pipe every cell is whole. */
export function recordTable(records: readonly TaskRecord[], options: TableOptions): Promise<string> {
  const { width } = options;
  const distinct = distinctArguments(records);
  const cell = cells(distinct, options);
  if (width === undefined) {
    const columns = options.columns ?? RECORD_COLUMNS;
    const rows = records.map((record) => columns.map((column) => cell(record, column)));
    return table(columns.map(heading), rows);
  }
  const columns = options.columns ?? columnsFor(records, width);
  const signs = options.unicode ? SIGNS : ASCII_SIGNS;
  const hasStatusColumn = columns.includes('status');
  const rows = records.map((record) => {
    const { kind, word } = summaryOf(record);
    return columns.map((column) => {
      if (column === 'id') return `${signs[kind]} ${record.id}`;
      if (column === 'tool') return toolCell(record, distinct(record), toolWidth(width));
      const text = cell(record, column);
      // Without a status column, prefix the message with a notable state.
      if (column !== 'message' || hasStatusColumn || kind === 'working' || kind === 'completed') return text;
      return text === '' ? word : `${word}: ${text.replace(/^asks /, '')}`;
    });
  });
  const heads = columns.map((column) => (column === 'id' ? `  ${heading(column)}` : heading(column)));
  return columnsTable(
    heads,
    rows,
    columns.map((column) => limits(column, width)),
    width,
  );
}

function columnsFor(records: readonly TaskRecord[], width: number): readonly RecordColumn[] {
  if (width < WIDE) return ['id', 'tool', 'message', 'updated'];
  const isOne = new Set(records.map(({ server }) => server.label)).size < 2;
  return ['id', 'status', 'tool', ...(isOne ? [] : (['server'] as const)), 'message', 'updated'];
}

function limits(column: RecordColumn, width: number): Column {
  if (column === 'message') return { grows: true };
  if (column === 'tool') return { max: toolWidth(width) };
  if (column === 'server') return { max: Math.max(8, Math.floor(width * 0.16)) };
  return {};
}

function toolWidth(width: number): number {
  return Math.max(8, Math.floor(width * 0.22));
}

/** Shortens the tool's name in favour of the arguments if both do not fit, down to a few letters. */
function toolCell({ tool }: TaskRecord, args: string, room: number): string {
  const name = safeText(tool, { maxLength: 60 });
  if (args === '') return name;
  // Drop the argument names first: the values alone distinguish rows.
  const fitting = args.length + MIN_NAME_LENGTH < room ? args : args.replace(/[^ =]+=/g, '');
  const left = Math.max(MIN_NAME_LENGTH, room - fitting.length - 1);
  return `${safeText(name, { maxLength: left })} ${fitting}`;
}

const MIN_NAME_LENGTH = 6;

function heading(column: RecordColumn): string {
  return column.toUpperCase();
}

function cells(distinct: (record: TaskRecord) => string, { now }: TableOptions) {
  return (record: TaskRecord, column: RecordColumn): string => {
    switch (column) {
      case 'id':
        return record.id;
      case 'status':
        return summaryOf(record).word;
      case 'tool':
        return [safeText(record.tool, { maxLength: 60 }), distinct(record)].filter((text) => text !== '').join(' ');
      case 'server':
        return safeText(record.server.label, { maxLength: 60 });
      case 'called':
        return `${coarseAge(now - record.createdAt)} ago`;
      case 'updated':
        return `${coarseAge(now - lastUpdateOf(record))} ago`;
      case 'message':
        return safeText(summaryOf(record).message, { maxLength: 300 });
    }
  };
}
