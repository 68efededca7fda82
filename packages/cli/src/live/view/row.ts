import { expiryOf, type TaskRecord } from '@mcp-tasks/client';
import { distinctPairs } from '../../display/distinct-arguments.ts';
import type { TaskKind } from '../../display/task-summary.ts';
import type { Model } from '../state/model.ts';
import { displayOf, type TaskDisplay } from '../state/task-display.ts';
import { oneLine, shortDuration, shortWait } from './format.ts';
import { fitText, type Line, type Span, span, type Tone, widthOf } from './line.ts';
import { progressBar, progressOf } from './progress.ts';
import { glyphs } from './theme.ts';

/** Column widths; 0 for a column that does not fit or is not needed. */
export interface Columns {
  readonly id: number;
  readonly tool: number;
  readonly server: number;
  readonly message: number;
  readonly ttl: number;
  readonly time: number;
}

const TONES: Readonly<Record<TaskKind, Tone>> = {
  working: 'accent',
  asks: 'ask',
  completed: 'good',
  failed: 'bad',
  cancelled: 'dim',
  unknown: 'warn',
};

export function signOf(display: TaskDisplay): Span {
  return span(glyphs[display.kind], TONES[display.kind]);
}

/** Minimum width for a ttl column; below it, the last minute appears in the message. */
const TTL_WIDTH = 90;

/** The message gets half of the row; the other columns share the rest. */
export function columnsFor(model: Model): Columns {
  const width = model.columns;
  const shown = [...model.records.values()];
  const longest = (texts: Iterable<string>, low: number, high: number) => {
    let max = low;
    for (const text of texts) max = Math.max(max, Math.min(high, widthOf(text)));
    return max;
  };
  // Commands need the id: omit it only if the message would keep just a word or two.
  const id = width >= 56 ? 6 : 0;
  const time = 6;
  const ttl = width >= TTL_WIDTH && shown.some((record) => isNearExpiry(record, model.now)) ? 4 : 0;
  const labels = new Set(shown.map((record) => record.server.label));
  const hasServer = width >= 100 && labels.size > 1 && !model.groupsByServer;
  const server = hasServer ? longest([...labels].map(oneLine), 6, Math.floor(width * 0.15)) : 0;
  const fixed = [id, server, ttl, time].filter((each) => each > 0).reduce((sum, each) => sum + each + 2, LEAD);
  const room = width - fixed - 2;
  const max = Math.max(9, room - Math.max(Math.ceil(width / 2), 16));
  const tool = longest(new Set(shown.map((record) => nameOf(model, record))), 4, max);
  return { id, tool, server, message: Math.max(1, room - tool), ttl, time };
}

type Records = Model['records'];

const knownPairs = new WeakMap<Records, ReturnType<typeof distinctPairs>>();

/** Differing arguments, computed once per frame. */
function pairsOf(records: Records): ReturnType<typeof distinctPairs> {
  const pairs = knownPairs.get(records) ?? distinctPairs([...records.values()]);
  knownPairs.set(records, pairs);
  return pairs;
}

/** Tool name with the arguments in which its calls differ; argument names are dropped if they do not fit. */
function nameOf(model: Model, record: TaskRecord, width = Number.POSITIVE_INFINITY): string {
  const pairs = pairsOf(model.records)(record);
  const whole = oneLine([record.tool, ...pairs.map(([name, value]) => `${name}=${value}`)].join(' '));
  return widthOf(whole) <= width ? whole : oneLine([record.tool, ...pairs.map(([, value]) => value)].join(' '));
}

/** Heading, with the position of the selected row if the list scrolls. */
export function headingRow(columns: Columns, position = ''): Line {
  return cells(columns, {
    lead: [span('    ')],
    id: ['ID', 'dim'],
    tool: ['TOOL', 'dim'],
    server: ['SERVER', 'dim'],
    message: [position === '' ? 'MESSAGE' : `MESSAGE  ${position}`, 'dim'],
    ttl: ['TTL', 'dim'],
    time: ['TIME', 'dim'],
  });
}

export function taskRow(model: Model, record: TaskRecord, columns: Columns, marked: boolean): Line {
  const display = displayOf(record);
  const quiet: Tone = record.phase === 'settled' ? 'dim' : 'plain';
  const row = cells(columns, {
    lead: [
      span(marked ? glyphs.cursor : ' '),
      span(model.marked.has(record.id) ? '*' : ' ', 'accent'),
      signOf(display),
      span(' '),
    ],
    id: [record.id, 'dim'],
    tool: [nameOf(model, record, columns.tool), quiet],
    server: [oneLine(record.server.label), quiet],
    message: [messageCell(model, record, columns.message), display.kind === 'asks' ? 'strong' : quiet],
    ttl: ttlCell(record, model.now),
    time: [shortDuration(elapsedMs(record, model.now)), quiet],
  });
  return marked ? row.map(({ text }) => span(text, 'marked')) : row;
}

/** Columns for the cursor, the sign and their gaps. */
const LEAD = 4;

type Cell = readonly [text: string, tone: Tone];

interface Cells extends Readonly<Record<keyof Columns, Cell>> {
  readonly lead: Line;
}

function cells(columns: Columns, row: Cells): Line {
  const parts: Span[] = [...row.lead];
  const add = (name: keyof Columns, align: 'left' | 'right', last = false) => {
    if (columns[name] === 0) return;
    const [text, tone] = row[name];
    parts.push(span(fitText(text, columns[name], align), tone));
    if (!last) parts.push(span('  '));
  };
  add('id', 'left');
  add('tool', 'left');
  add('server', 'left');
  add('message', 'left');
  add('ttl', 'right');
  add('time', 'right', true);
  return parts;
}

export function elapsedMs(record: TaskRecord, now: number): number {
  return (record.phase === 'settled' ? record.updatedAt : now) - record.createdAt;
}

export function messageOf(model: Model, record: TaskRecord, display: TaskDisplay): string {
  const text = display.message === '' ? display.word : display.message;
  const asked = model.cancelling.has(record.id) && record.cancelRequestedAt === undefined && record.phase !== 'settled';
  const marks = [
    model.others.has(record.id) ? 'not called here' : '',
    model.detached.has(record.id) && record.phase !== 'settled' ? 'detached' : '',
    asked ? 'cancellation requested' : '',
    model.columns < TTL_WIDTH ? lastMinute(record, model.now) : '',
  ];
  const isError = display.kind === 'failed' && !text.startsWith(display.word);
  return oneLine([...marks, isError ? `${display.word}: ${text}` : text].filter((part) => part !== '').join(' · '));
}

/** Message, followed by a progress bar if it fits, or the time without a change. */
function messageCell(model: Model, record: TaskRecord, width: number): string {
  const text = messageOf(model, record, displayOf(record));
  const quiet = quietMs(record, model.now);
  if (quiet >= STALLED_MS) return endWith(text, `no change for ${shortWait(quiet)}`, width);
  const known = record.phase === 'open' && record.trouble === undefined ? progressOf(record) : undefined;
  if (known === undefined) return text;
  const bar = known.share === undefined ? known.text : progressBar(known.share);
  return endWith(text.includes(known.text) || known.share === undefined ? text : `${known.text} ${text}`, bar, width);
}

/** Time without a change after which a running task is marked, in ms. */
const STALLED_MS = 60_000;

/** Time since a running task last changed, in ms. */
export function quietMs(record: TaskRecord, now: number): number {
  return record.phase === 'open' && record.status === 'working' ? Math.max(0, now - record.updatedAt) : 0;
}

function endWith(text: string, end: string, width: number): string {
  const room = width - widthOf(end) - 2;
  return widthOf(text) > room ? text : `${fitText(text, room)}  ${end}`;
}

/** Estimated remaining ttl in ms: counted on this machine's clock from when the task was first reported. */
export function ttlLeftMs(record: TaskRecord, now: number): number | undefined {
  const expiresAt = expiryOf(record);
  if (record.phase === 'settled' || expiresAt === undefined || record.taskId === null) return undefined;
  return expiresAt - now;
}

/** True if under ten minutes or a tenth of the ttl is left. */
function isNearExpiry(record: TaskRecord, now: number): boolean {
  const left = ttlLeftMs(record, now);
  return left !== undefined && left < Math.max(600_000, (record.ttlMs ?? 0) / 10);
}

function lastMinute(record: TaskRecord, now: number): string {
  const left = ttlLeftMs(record, now);
  if (left === undefined || left > 60_000) return '';
  return left <= 0 ? 'time to live is over' : `expires in ${shortWait(left)}`;
}

function ttlCell(record: TaskRecord, now: number): Cell {
  const left = ttlLeftMs(record, now);
  if (left === undefined || !isNearExpiry(record, now)) return ['', 'dim'];
  if (left <= 0) return ['past', 'bad'];
  return [shortWait(left), left < 60_000 ? 'warn' : 'dim'];
}
