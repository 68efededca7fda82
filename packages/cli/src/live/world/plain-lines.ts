import { type TaskChange, type TaskRecord, updatesBetween } from '@mcp-tasks/client';
import type { Printer } from '../../display/printer.ts';
import { renderResult } from '../../display/render-result.ts';
import { safeText } from '../../display/safe-text.ts';
import { eventOf } from '../../display/task-events.ts';
import { ageOf, lineOfUpdate, titleOf } from '../../display/task-lines.ts';
import { logLine } from '../../targets/hear-logs.ts';
import type { DeskChange } from '../live-session.ts';

export interface PlainLinesOptions {
  readonly printer: Printer;
  readonly now: () => number;
  /** Changes as JSON lines on standard output. */
  readonly events: boolean;
  /** After each update of a task has been printed. */
  readonly onUpdate: (update: TaskChange) => void;
}

/** What the view tells, as lines that are only appended. */
export interface PlainLines {
  readonly records: ReadonlyMap<string, TaskRecord>;
  /** Whether a task was met that was not over before. */
  readonly hasFollowed: boolean;
  see(change: DeskChange): void;
  say(text: string): void;
}

export function createPlainLines({ printer, now, events, onUpdate }: PlainLinesOptions): PlainLines {
  const openedAt = now();
  const records = new Map<string, TaskRecord>();
  const serverLines = new Map<string, string>();
  let hasFollowed = false;

  function say(text: string): void {
    if (events || printer.json) printer.line(text);
    else printer.result(text);
  }

  function seeNew(record: TaskRecord): void {
    hasFollowed = true;
    say(titleOf(record));
    const age = ageOf(record, now());
    if (age !== undefined) say(`${record.id}  ${age}`);
  }

  function seeRecord(record: TaskRecord): void {
    const last = records.get(record.id);
    records.set(record.id, record);
    // What was over before is in the list; what began and ended between two looks is news.
    if (last === undefined && record.phase === 'settled' && record.createdAt < openedAt) return;
    if (last === undefined) seeNew(record);
    for (const update of updatesBetween(last, record)) {
      if (events) printer.event(eventOf(update));
      const line = lineOfUpdate(update);
      if (line !== undefined) say(update.kind === 'settled' ? `${line}${brief(record)}` : line);
      onUpdate(update);
    }
  }

  function seeRecords({ records: changed, removed }: Extract<DeskChange, { kind: 'records' }>): void {
    // What is told at once comes in the order of its last changes, and a reader expects that of the calls.
    for (const record of changed.toSorted((one, other) => one.createdAt - other.createdAt)) seeRecord(record);
    for (const id of removed) {
      if (records.delete(id)) say(`${id}  forgotten`);
    }
  }

  /** A server that stays away is tried again and again, and is said to be away once. */
  function seeServer({ fingerprint, label, state, detail, taskTools }: Extract<DeskChange, { kind: 'server' }>): void {
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
    say,
    see(change) {
      if (change.kind === 'records') seeRecords(change);
      else if (change.kind === 'server') seeServer(change);
      else if (change.kind === 'log') printer.line(logLine(change.message));
      else if (change.kind === 'notice') {
        printer.line(`${change.recordId === undefined ? '' : `${change.recordId}  `}${safeText(change.text)}`);
      }
    },
  };
}

/** The beginning of a result, on the line that says it is there. */
function brief(record: TaskRecord): string {
  const result = record.outcome?.result;
  if (result === undefined) return '';
  return `: ${safeText(renderResult(result), { maxLength: 200 })}`;
}
