import { expiryOf, type TaskRecord } from '@mcp-tasks/client';
import type { Model } from '../state/model.ts';
import { type Face, type FaceKind, faceOf } from '../state/task-display.ts';
import { fitText, type Line, type Span, span, type Tone, widthOf } from './line.ts';
import { glyphs } from './theme.ts';
import { oneLine, shortDuration, shortWait } from './words.ts';

/** Widths of the columns; 0 for one that there is no room for. */
export interface Columns {
  readonly id: number;
  readonly tool: number;
  readonly server: number;
  readonly time: number;
  readonly message: number;
  readonly ttl: number;
  readonly poll: number;
}

const TONES: Readonly<Record<FaceKind, Tone>> = {
  working: 'accent',
  asks: 'ask',
  completed: 'good',
  failed: 'bad',
  cancelled: 'dim',
  unknown: 'warn',
};

export function signOf(face: Face): Span {
  return span(glyphs[face.kind], TONES[face.kind]);
}

/** Room for the message is worth more than when the next poll is due. */
const LEAST_MESSAGE = 20;

/** What a width has room for: the sign, the tool and the message always, the rest as it grows. */
export function columnsFor(model: Model): Columns {
  const width = model.columns;
  const shown = [...model.records.values()];
  const longest = (texts: Iterable<string>, low: number, high: number) => {
    let most = low;
    for (const text of texts) most = Math.max(most, Math.min(high, widthOf(text)));
    return most;
  };
  const tools = new Set(shown.map((record) => record.tool));
  const labels = new Set(shown.map((record) => record.server.label));
  const tool = longest([...tools].map(oneLine), 4, Math.max(9, Math.floor(width * 0.22)));
  // Every command wants it: only where the message would be left with a word or two it is for the page of the task.
  const id = width >= 56 ? 6 : 0;
  // One server is named in the header already.
  const hasServer = width >= 100 || (width >= 64 && labels.size > 1);
  const server = hasServer ? longest([...labels].map(oneLine), 6, Math.max(8, Math.floor(width * 0.18))) : 0;
  const ttl = width >= 72 ? 6 : 0;
  const taken = [id, tool, server, 6, ttl].filter((each) => each > 0).reduce((sum, each) => sum + each + 2, 4);
  const message = Math.max(1, width - taken);
  const poll = width >= 64 && message >= LEAST_MESSAGE + 6 ? 4 : 0;
  return { id, tool, server, time: 6, message: poll === 0 ? message : message - 6, ttl, poll };
}

export function headingRow(columns: Columns): Line {
  return cells(columns, {
    id: ['ID', 'dim'],
    tool: ['TOOL', 'dim'],
    server: ['SERVER', 'dim'],
    time: ['TIME', 'dim'],
    message: ['MESSAGE', 'dim'],
    ttl: ['TTL', 'dim'],
    poll: ['POLL', 'dim'],
    lead: [span('    ')],
  });
}

export function taskRow(model: Model, record: TaskRecord, columns: Columns, marked: boolean): Line {
  const face = faceOf(record);
  const isSettled = record.phase === 'settled';
  const quiet: Tone = isSettled && !marked ? 'dim' : 'plain';
  return cells(columns, {
    lead: [span(marked ? `${glyphs.cursor} ` : '  ', 'accent'), signOf(face), span(' ')],
    id: [record.id, 'dim'],
    tool: [oneLine(record.tool), marked ? 'strong' : quiet],
    server: [oneLine(record.server.label), quiet],
    time: [shortDuration(elapsedMs(record, model.now)), quiet],
    message: [messageOf(model, record, face), face.kind === 'asks' ? 'strong' : quiet],
    ttl: ttlCell(record, model.now),
    poll: [pollCell(model, record), 'dim'],
  });
}

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
  add('time', 'right');
  add('message', 'left', columns.ttl === 0 && columns.poll === 0);
  add('ttl', 'right', columns.poll === 0);
  add('poll', 'right', true);
  return parts;
}

export function elapsedMs(record: TaskRecord, now: number): number {
  return (record.phase === 'settled' ? record.updatedAt : now) - record.createdAt;
}

export function messageOf(model: Model, record: TaskRecord, face: Face): string {
  const said = face.message === '' ? face.word : face.message;
  const asked = model.cancelling.has(record.id) && record.cancelRequestedAt === undefined && record.phase !== 'settled';
  const marks = [
    model.others.has(record.id) ? 'not called here' : '',
    model.detached.has(record.id) && record.phase !== 'settled' ? 'detached' : '',
    asked ? 'cancellation requested' : '',
  ];
  const isError = face.kind === 'failed' && !said.startsWith(face.word);
  return oneLine([...marks, isError ? `${face.word}: ${said}` : said].filter((part) => part !== '').join(' · '));
}

/** An estimate: counted by our clock from when we heard of the task. */
export function ttlLeftMs(record: TaskRecord, now: number): number | undefined {
  const expiresAt = expiryOf(record);
  if (record.phase === 'settled' || expiresAt === undefined || record.taskId === null) return undefined;
  return expiresAt - now;
}

function ttlCell(record: TaskRecord, now: number): Cell {
  const left = ttlLeftMs(record, now);
  if (left === undefined) return ['', 'dim'];
  if (left <= 0) return ['past', 'bad'];
  return [shortDuration(left), left < 60_000 ? 'warn' : 'dim'];
}

function pollCell(model: Model, record: TaskRecord): string {
  if (
    record.phase === 'settled' ||
    record.taskId === null ||
    record.nextPollAt === undefined ||
    model.detached.has(record.id)
  )
    return '';
  const left = record.nextPollAt - model.now;
  return left <= 0 ? 'now' : shortWait(left);
}
