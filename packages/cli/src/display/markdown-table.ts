import { readInline, type TextSpan } from './markdown-inline.ts';
import { roughWidth } from './rough-width.ts';

type Cell = readonly TextSpan[];

/** Maximum width to pad a cell to: otherwise one long cell would pad every row to its length. */
const MAX_WIDTH = 200;

export function isTableRow(line: string): boolean {
  return /^ {0,3}\|.*\|\s*$/.test(line);
}

/** Lays out a table in columns, with a line under the heading; undefined if the second row is no delimiter row. */
export function tableRows(rows: readonly string[]): readonly (readonly TextSpan[])[] | undefined {
  const [head, parts, ...body] = rows.map((row) => row.trim().slice(1, -1).split('|'));
  if (head === undefined || parts?.every((part) => /^\s*:?-+:?\s*$/.test(part)) !== true) return undefined;
  const heads: readonly Cell[] = head.map((cell) => [{ text: cell.trim(), tone: 'strong' }]);
  const cells = [heads, ...body.map((row) => row.map((cell) => readInline(cell.trim())))];
  const widths = widthsOf(cells).slice(0, head.length);
  const [first = [], ...others] = cells.map((row) =>
    row.flatMap((cell, at) => padded(cell, at, widths[at] ?? 0, at === row.length - 1)),
  );
  const line: TextSpan = { text: widths.map((width) => '─'.repeat(width)).join('  '), tone: 'dim' };
  return [first, [line], ...others];
}

/** The width of each column, in one walk over the cells. */
function widthsOf(rows: readonly (readonly Cell[])[]): readonly number[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [at, cell] of row.entries()) widths[at] = Math.min(MAX_WIDTH, Math.max(widths[at] ?? 0, widthOf(cell)));
  }
  return widths;
}

function blank(text: string): TextSpan {
  return { text, tone: 'plain' };
}

function padded(cell: Cell, at: number, width: number, isLast: boolean): readonly TextSpan[] {
  const blanks = ' '.repeat(Math.max(0, width - widthOf(cell)));
  return [...(at === 0 ? [] : [blank('  ')]), ...cell, ...(isLast ? [] : [blank(blanks)])];
}

function widthOf(cell: Cell): number {
  return cell.reduce((sum, { text }) => sum + roughWidth(text), 0);
}
