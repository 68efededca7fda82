type Measure = (text: string) => number;

/** Columns two spaces apart; the last one is cut where the terminal ends. */
export async function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  width?: number,
): Promise<string> {
  const all = [head, ...rows];
  const measure = await measureFor(all.flat());
  const widths = head.map((_title, column) => Math.max(...all.map((row) => measure(row[column] ?? ''))));
  return all
    .map((row) =>
      row
        .map((cell, column) => cell + ' '.repeat(Math.max(0, (widths[column] ?? 0) - measure(cell))))
        .join('  ')
        .trimEnd(),
    )
    .map((line) => (width === undefined ? line : cut(line, width, measure)))
    .join('\n');
}

/** How wide one column may be. */
export interface Column {
  /** At most so many columns of the terminal. @default as wide as its cells */
  readonly most?: number;
  /** Takes what the others leave; one column does. */
  readonly grows?: boolean;
}

/** A table that fills a terminal: every cell is cut to its column, and one column takes what the others leave. */
export async function columnsTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  columns: readonly Column[],
  width: number,
): Promise<string> {
  const all = [head, ...rows];
  const measure = await measureFor(all.flat());
  const natural = head.map((_title, at) => {
    const most = columns[at]?.most ?? Number.POSITIVE_INFINITY;
    return Math.min(most, Math.max(...all.map((row) => measure(row[at] ?? ''))));
  });
  const isFixed = (at: number): boolean => columns[at]?.grows !== true;
  const fixed = natural.reduce((sum, each, at) => sum + 2 + (isFixed(at) ? each : 0), -2);
  const widths = natural.map((each, at) => (isFixed(at) ? each : Math.max(4, Math.min(each, width - fixed))));
  return all
    .map((row) => row.map((cell, at) => padded(cut(cell, widths[at] ?? 0, measure), widths[at] ?? 0, measure)))
    .map((cells) => cut(cells.join('  ').trimEnd(), width, measure))
    .join('\n');
}

function padded(cell: string, width: number, measure: Measure): string {
  return cell + ' '.repeat(Math.max(0, width - measure(cell)));
}

/** Where every character is one column wide, and most tables are like that. */
const COUNTABLE = /^[\u0020-\u007e…]*$/;

/** The full rules take longer to load than all the records. */
async function measureFor(cells: readonly string[]): Promise<Measure> {
  if (cells.every((cell) => COUNTABLE.test(cell))) return (text) => text.length;
  return (await import('string-width')).default;
}

function cut(line: string, width: number, measure: Measure): string {
  if (measure(line) <= width) return line;
  let kept = '';
  for (const point of line) {
    if (measure(kept + point) > width - 1) break;
    kept += point;
  }
  return `${kept}…`;
}
