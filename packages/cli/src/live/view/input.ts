import { graphemes } from '../../display/graphemes.ts';
import { safeText } from '../../display/safe-text.ts';
import type { TextInput } from '../../forms/text-input.ts';
import type { Body } from './body.ts';
import { line, span, widthOf } from './line.ts';

interface Cell {
  readonly text: string;
  readonly width: number;
  readonly isBreak: boolean;
}

const MAX_ROWS = 12;

/** Text field: one row that scrolls with the cursor, or several wrapped rows. */
export function viewTextInput(input: TextInput, options: { readonly width: number; readonly wraps: boolean }): Body {
  const width = Math.max(2, options.width);
  const cells = [...graphemes.segment(input.text)].map(({ segment }) => cellOf(segment, options.wraps));
  const before = [...graphemes.segment(input.text.slice(0, input.cursor))].length;
  return options.wraps ? wrapped(cells, before, width) : sliding(cells, before, width);
}

/** Escapes characters on which a terminal acts; the value itself stays unchanged. */
function cellOf(segment: string, wraps: boolean): Cell {
  if (segment === '\n' || segment === '\r\n') return { text: wraps ? '' : '↵', width: wraps ? 0 : 1, isBreak: wraps };
  const text = segment === ' ' ? ' ' : safeText(segment).replaceAll('\n', ' ') || (segment.trim() === '' ? ' ' : '');
  return { text, width: widthOf(text), isBreak: false };
}

function sliding(cells: readonly Cell[], before: number, width: number): Body {
  const used = (from: number, to: number) => cells.slice(from, to).reduce((sum, cell) => sum + cell.width, 0);
  let start = 0;
  while (used(start, before) > width - 1) start += 1;
  let end = start;
  while (end < cells.length && used(start, end + 1) <= width) end += 1;
  const text = cells
    .slice(start, end)
    .map((cell) => cell.text)
    .join('');
  return { lines: [line(span(text))], cursor: { row: 0, column: used(start, before) } };
}

function wrapped(cells: readonly Cell[], before: number, width: number): Body {
  const rows: string[] = [''];
  let column = 0;
  let cursor = { row: 0, column: 0 };
  cells.forEach((cell, at) => {
    if (column + cell.width > width - 1) {
      rows.push('');
      column = 0;
    }
    if (at === before) cursor = { row: rows.length - 1, column };
    rows[rows.length - 1] += cell.text;
    column += cell.width;
    if (cell.isBreak) {
      rows.push('');
      column = 0;
    }
  });
  if (before >= cells.length) cursor = { row: rows.length - 1, column };
  const start = Math.max(0, Math.min(cursor.row - MAX_ROWS + 1, rows.length - MAX_ROWS));
  const shown = rows.slice(start, start + MAX_ROWS).map((row) => line(span(row)));
  return { lines: shown, cursor: { row: cursor.row - start, column: cursor.column } };
}
