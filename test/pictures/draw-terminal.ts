import { widthOf } from '../../packages/cli/src/live/view/line.ts';
import type { Cell, Terminal } from '../support/terminal.ts';

const CELL = { width: 8.4, height: 18, font: 14 } as const;
const EDGE = 16;
const BAR = 34;
const INK = '#d7dae0';
const PAPER = '#1b1f27';
/** The sixteen palette colours; the others are computed. */
const PALETTE = (
  '#3b4252 #e06c75 #98c379 #e5c07b #61afef #c678dd #56b6c2 #d7dae0 ' +
  '#7f8794 #ef8a92 #b1d796 #f0d19a #86c5f5 #d79bea #7cc9d4 #ffffff'
).split(' ');

interface Run {
  readonly column: number;
  readonly width: number;
  readonly text: string;
  readonly cell: Cell;
}

/** A terminal's screen as an SVG that renders equally everywhere: each run of text has a fixed width. */
export function drawTerminal(
  terminal: Terminal,
  { columns, rows, title }: { readonly columns: number; readonly rows: number; readonly title: string },
): string {
  const width = Math.ceil(columns * CELL.width + 2 * EDGE);
  const height = BAR + rows * CELL.height + EDGE;
  const body = Array.from({ length: rows }, (_, row) =>
    runsOf(Array.from({ length: columns }, (_, column) => terminal.cell(row, column)))
      .map((run) => drawRun(run, row))
      .join(''),
  );
  const dots = ['#e06c75', '#e5c07b', '#98c379'].map(
    (colour, n) => `<circle cx="${20 + n * 18}" cy="17" r="5.5" fill="${colour}"/>`,
  );
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${width}" height="${height}" rx="9" fill="${PAPER}"/>`,
    ...dots,
    `<text x="${width / 2}" y="22" text-anchor="middle" fill="#7f8794" font-family="system-ui, sans-serif" font-size="13">${escaped(title)}</text>`,
    `<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="${CELL.font}" fill="${INK}">`,
    ...body.filter((line) => line !== ''),
    '</g>',
    '</svg>',
  ].join('\n')}\n`;
}

/** Adjacent cells of one style form a run; blank cells form none. */
function runsOf(cells: readonly Cell[]): readonly Run[] {
  const runs: Run[] = [];
  let column = 0;
  for (const cell of cells) {
    const text = cell.text === '' ? ' ' : cell.text;
    const last = runs.at(-1);
    if (cell.width === 0) {
      column += 1;
      continue;
    }
    if (last !== undefined && last.column + last.width === column && styleOf(last.cell) === styleOf(cell)) {
      runs[runs.length - 1] = { ...last, width: last.width + cell.width, text: last.text + text };
    } else runs.push({ column, width: cell.width, text, cell });
    column += 1;
  }
  return runs.filter(({ text, cell }) => text.trim() !== '' || paperOf(cell) !== undefined);
}

function styleOf({ bold, dim, inverse, underline, italic, foreground, background }: Cell): string {
  return JSON.stringify([bold, dim, inverse, underline, italic, foreground, background]);
}

function drawRun({ column, width, text, cell }: Run, row: number): string {
  const y = BAR + row * CELL.height;
  const paper = paperOf(cell);
  const box =
    paper === undefined
      ? ''
      : `<rect x="${xOf(column)}" y="${y}" width="${lengthOf(width)}" height="${CELL.height}" fill="${paper}"/>`;
  const ink = cell.inverse ? (colourOf(cell.background) ?? PAPER) : colourOf(cell.foreground);
  const style = [
    ink === undefined ? '' : ` fill="${ink}"`,
    cell.bold ? ' font-weight="bold"' : '',
    cell.italic ? ' font-style="italic"' : '',
    cell.underline ? ' text-decoration="underline"' : '',
    cell.dim ? ' opacity="0.6"' : '',
  ].join('');
  // Browsers fold adjacent blanks despite `xml:space`, so each piece between them gets its own column.
  const pieces = [...text.matchAll(/\S+(?: \S+)*/g)].map((found) => {
    const x = xOf(column + widthOf(text.slice(0, found.index)));
    const length = lengthOf(widthOf(found[0]));
    return `<text x="${x}" y="${y + 13.5}" textLength="${length}" lengthAdjust="spacingAndGlyphs"${style}>${escaped(found[0])}</text>`;
  });
  return `${box}${pieces.join('')}`;
}

function xOf(column: number): string {
  return (EDGE + column * CELL.width).toFixed(1);
}

function lengthOf(columns: number): string {
  return (columns * CELL.width).toFixed(1);
}

function paperOf({ inverse, foreground, background }: Cell): string | undefined {
  return inverse ? (colourOf(foreground) ?? INK) : colourOf(background);
}

function colourOf(colour: number | undefined): string | undefined {
  if (colour === undefined) return undefined;
  if (colour < 16) return PALETTE[colour];
  if (colour > 255) return `#${colour.toString(16).padStart(6, '0')}`;
  const step = (n: number) => (n === 0 ? 0 : 55 + 40 * n);
  const cube = colour - 16;
  const [red, green, blue] =
    colour < 232
      ? [step(Math.floor(cube / 36)), step(Math.floor(cube / 6) % 6), step(cube % 6)]
      : Array.from({ length: 3 }, () => 8 + 10 * (colour - 232));
  return `rgb(${red},${green},${blue})`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
