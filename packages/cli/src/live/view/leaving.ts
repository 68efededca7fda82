import type { TaskRecord } from '@mcp-tasks/client';
import type { Model } from '../state/model.ts';
import { affectedWork, isKeptWork } from '../state/on-leave.ts';
import { displayOf } from '../state/task-display.ts';
import { oneLine, plural, shortDuration } from './format.ts';
import { cutText, type Line, line, span } from './line.ts';
import { elapsedMs, signOf } from './row.ts';
import { wrapText } from './wrap.ts';

/** Running work that the exit affects, with id, tool and server. */
export function viewLeaving(model: Model, height: number): readonly Line[] {
  const work = affectedWork(model);
  const textLines = (text: string) => wrapText(text, model.columns).map((row) => line(span(row)));
  const servers = new Set(work.map((record) => record.server.fingerprint)).size;
  const isKept = isKeptWork(model);
  const calls = plural(work.length, 'call');
  const keeps = servers === 1 ? 'a background process keeps its server' : 'background processes keep their servers';
  const ends = servers === 1 ? 'its server is a child of this process and ends' : 'their servers end';
  const head = wrapText(
    isKept ? `${calls} under way: ${keeps}.` : `Leaving ends ${calls}: ${ends} with it.`,
    model.columns,
  );
  const foot = textLines(
    isKept
      ? 'Left running, the work continues. Stopped, it is recorded as unknown: it may have run.'
      : 'The work is recorded as unknown: it may have run.',
  );
  const room = Math.max(1, height - head.length - foot.length - 2);
  const rows = work.length <= room ? work : work.slice(0, room - 1);
  const more = work.length - rows.length;
  return [
    ...head.map((row) => line(span(row, 'ask'))),
    line(''),
    ...rows.map((record) => workRow(model, record)),
    ...(more > 0 ? [line(span(`  … and ${more} more`, 'dim'))] : []),
    line(''),
    ...foot,
  ].slice(0, height);
}

function workRow(model: Model, record: TaskRecord): Line {
  const name = `${oneLine(record.tool)} on ${oneLine(record.server.label)}`;
  const since = shortDuration(elapsedMs(record, model.now));
  const room = model.columns - record.id.length - since.length - 8;
  return line(
    '  ',
    signOf(displayOf(record)),
    ' ',
    span(record.id, 'strong'),
    `  ${cutText(name, room)}  `,
    span(since, 'dim'),
  );
}
