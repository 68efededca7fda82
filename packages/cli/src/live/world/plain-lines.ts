import { type TaskChange, type TaskRecord, updatesBetween } from '@mcp-tasks/client';
import type { Printer } from '../../display/printer.ts';
import { renderResult } from '../../display/render-result.ts';
import { safeText } from '../../display/safe-text.ts';
import { eventOf } from '../../display/task-events.ts';
import { ageOf, lineOfUpdate, titleOf } from '../../display/task-lines.ts';
import { logLine } from '../../targets/listen-to-logs.ts';
import type { LiveChange } from '../live-session.ts';

export interface PlainLinesOptions {
  readonly printer: Printer;
  readonly now: () => number;
  /** Prints changes as JSON lines on standard output. */
  readonly events: boolean;
  /** Called after each update of a task was printed. */
  readonly onUpdate: (update: TaskChange) => void;
}

/** Output of the live view as append-only lines. */
export interface PlainLines {
  readonly records: ReadonlyMap<string, TaskRecord>;
  /** True once a task was seen that had not settled before. */
  readonly hasFollowed: boolean;
  printChange(change: LiveChange): void;
  printLine(text: string): void;
}

export function createPlainLines({ printer, now, events, onUpdate }: PlainLinesOptions): PlainLines {
  const openedAt = now();
  const records = new Map<string, TaskRecord>();
  const serverLines = new Map<string, string>();
  let hasFollowed = false;

  function printLine(text: string): void {
    if (events || printer.json) printer.line(text);
    else printer.result(text);
  }

  function printNewTask(record: TaskRecord): void {
    hasFollowed = true;
    printLine(titleOf(record));
    const age = ageOf(record, now());
    if (age !== undefined) printLine(`${record.id}  ${age}`);
  }

  function printRecord(record: TaskRecord): void {
    const last = records.get(record.id);
    records.set(record.id, record);
    // Skip tasks that settled before the start; report those that began and ended between two reads.
    if (last === undefined && record.phase === 'settled' && record.createdAt < openedAt) return;
    if (last === undefined) printNewTask(record);
    for (const update of updatesBetween(last, record)) {
      if (events) printer.event(eventOf(update));
      const line = lineOfUpdate(update);
      if (line !== undefined) printLine(update.kind === 'settled' ? `${line}${resultExcerpt(record)}` : line);
      onUpdate(update);
    }
  }

  function printRecords({ records: changed, removed }: Extract<LiveChange, { kind: 'records' }>): void {
    // Order by call time: records arrive in the order of their last change.
    for (const record of changed.toSorted((one, other) => one.createdAt - other.createdAt)) printRecord(record);
    for (const id of removed) {
      if (records.delete(id)) printLine(`${id}  forgotten`);
    }
  }

  /** Reports an unreachable server once, although it is retried. */
  function printServer({
    fingerprint,
    label,
    state,
    detail,
    taskTools,
  }: Extract<LiveChange, { kind: 'server' }>): void {
    if (taskTools !== undefined || state === 'connecting') return;
    const line = `${safeText(label)} ${state}${detail === undefined ? '' : `: ${detail}`}`;
    if (serverLines.get(fingerprint) !== line) printer.line(line);
    serverLines.set(fingerprint, line);
  }

  return {
    records,
    get hasFollowed() {
      return hasFollowed;
    },
    printLine,
    printChange(change) {
      if (change.kind === 'records') printRecords(change);
      else if (change.kind === 'server') printServer(change);
      else if (change.kind === 'log') printer.line(logLine(change.message));
      else if (change.kind === 'notice') {
        printer.line(`${change.recordId === undefined ? '' : `${change.recordId}  `}${safeText(change.text)}`);
      }
    },
  };
}

/** Start of the result, for the line that reports it. */
function resultExcerpt(record: TaskRecord): string {
  const result = record.outcome?.result;
  if (result === undefined) return '';
  return `: ${safeText(renderResult(result), { maxLength: 200 })}`;
}
