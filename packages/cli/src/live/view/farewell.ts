import { isCallLost, type TaskRecord } from '@mcp-tasks/client';
import { unsavedLine } from '../../display/next-command.ts';
import type { Model } from '../state/model.ts';
import { orderRecords } from '../state/order.ts';
import { answerable } from '../state/questions.ts';
import { isPending } from '../state/task-display.ts';
import { viewHeader, viewWarning } from './bars.ts';
import { plural } from './format.ts';
import { cutLine, type Line, line, span } from './line.ts';
import { columnsFor, taskRow } from './row.ts';
import { wrapText } from './wrap.ts';

/** Maximum number of ids in one command line. */
const MAX_IDS = 5;
/** Maximum number of `result` commands, one per task. */
const MAX_RESULTS = 3;

/** Final lines on the normal screen: tasks with ids in their last state, and the next commands. */
export function viewFarewell(model: Model): readonly Line[] {
  const whole: Model = { ...model, overlay: null, notice: null, marked: new Set() };
  if (model.records.size === 0) return [];
  const columns = columnsFor(whole);
  // Keep the ids: the next commands need them.
  const room = columns.id === 0 ? { ...columns, id: 6, message: Math.max(4, columns.message - 8) } : columns;
  const height = Math.max(3, model.rows - 8);
  const shown = model.order.slice(0, height).flatMap((id) => {
    const record = model.records.get(id);
    return record === undefined ? [] : [taskRow(whole, record, room, false)];
  });
  const more = model.order.length - shown.length;
  const rest = more > 0 ? [line(span(`  … and ${more} more`, 'dim'))] : [];
  const next = model.warning === null ? nextLines(whole) : unsavedLines(whole);
  const lines = [viewHeader(whole), ...shown, ...rest, ...next];
  return lines.map((each) => cutLine(each, model.columns));
}

function nextLines(model: Model): readonly Line[] {
  // Omit other callers' tasks: no command finds them. Ignore the filter, which could hide open questions.
  const records = orderRecords(model.records.values(), '').flatMap((id) =>
    model.others.has(id) ? [] : (model.records.get(id) ?? []),
  );
  const asking = records.filter(
    (record) => answerable({ ...model, readOnly: false, detached: new Set() }, record).length > 0,
  );
  const running = records.filter((record) => isPending(record) && !asking.includes(record));
  const done = records.filter(hasResult);
  const unknown = records.find((record) => isCallLost(record) || record.status === 'unknown');
  const lines: Line[] = [];
  const addCommand = (command: string) => lines.push(line('  ', span(command, 'strong')));
  for (const record of asking.slice(0, 3)) addCommand(`mcp-tasks answer ${record.id}`);
  if (asking.length > 3)
    lines.push(line(span(`  … and ${asking.length - 3} more that need input: mcp-tasks list`, 'dim')));
  if (running.length > 0) addCommand(`mcp-tasks wait ${idsOf(running)}`);
  for (const record of done.slice(0, MAX_RESULTS)) addCommand(`mcp-tasks result ${record.id}`);
  if (done.length > MAX_RESULTS)
    lines.push(line(span(`  … and ${plural(done.length - MAX_RESULTS, 'more result')}: mcp-tasks list --all`, 'dim')));
  if (unknown !== undefined) addCommand(`mcp-tasks get ${unknown.id}`);
  const open = [...asking, ...running];
  // A stdio server ends with this process, and may lose its tasks.
  const keepsRunning = open.length > 0 && open.every((record) => record.server.target.kind === 'url');
  const head = keepsRunning ? 'The tasks keep running. Next:' : 'Next:';
  return lines.length === 0 ? [] : [line(''), line(span(head)), ...lines];
}

/** A task that the server no longer knows has no result. */
function hasResult({ outcome }: TaskRecord): boolean {
  return outcome?.status === 'completed' || outcome?.status === 'failed';
}

/** Unsaved tasks: no command finds them, so the server's task id is the only reference. */
function unsavedLines(model: Model): readonly Line[] {
  const open = model.order.flatMap((id) => model.records.get(id) ?? []).filter(isPending);
  const known = open.slice(0, MAX_IDS).flatMap((record) => wrapText(unsavedLine(record), model.columns));
  return [line(''), ...viewWarning(model), ...known.map((row) => line(span(row)))];
}

function idsOf(records: readonly TaskRecord[]): string {
  return records
    .slice(0, MAX_IDS)
    .map((record) => record.id)
    .join(' ');
}
