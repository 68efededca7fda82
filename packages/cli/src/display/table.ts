type Measure = (text: string) => number;

/** Table with columns two spaces apart; the last one is cut at the edge of the terminal. */
export async function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  width?: number,
): Promise<string> {
  const all = [head, ...rows];
  const measure = await measureFor(all.flat());
  const widths = head.map((_title, column) => widestIn(all, column, measure));
  return all
    .map((row) =>
      row
        .map((cell, column) => padded(cell, widths[column] ?? 0, measure))
        .join('  ')
        .trimEnd(),
    )
    .map((line) => (width === undefined ? line : cut(line, width, measure)))
    .join('\n');
}

export interface Column {
  /** Maximum width in terminal columns. @default width of its cells */
  readonly max?: number;
  /** Fills the remaining width; one column per table does. */
  readonly grows?: boolean;
}

/** Table as wide as the terminal: cells are cut to their column, and one column fills the rest. */
export async function columnsTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  columns: readonly Column[],
  width: number,
): Promise<string> {
  const all = [head, ...rows];
  const measure = await measureFor(all.flat());
  const natural = head.map((_title, at) => {
    const max = columns[at]?.max ?? Number.POSITIVE_INFINITY;
    return Math.min(max, widestIn(all, at, measure));
  });
  const isFixed = (at: number): boolean => columns[at]?.grows !== true;
  const fixed = natural.reduce((sum, each, at) => sum + 2 + (isFixed(at) ? each : 0), -2);
  const widths = natural.map((each, at) => (isFixed(at) ? each : Math.max(4, Math.min(each, width - fixed))));
  return all
    .map((row) => row.map((cell, at) => padded(cut(cell, widths[at] ?? 0, measure), widths[at] ?? 0, measure)))
    .map((cells) => cut(cells.join('  ').trimEnd(), width, measure))
    .join('\n');
}

/** Width of the widest cell. `Math.max(...widths)` would fail on many rows: the number of arguments is limited. */
function widestIn(rows: readonly (readonly string[])[], column: number, measure: Measure): number {
  return rows.reduce((widest, row) => Math.max(widest, measure(row[column] ?? '')), 0);
}

function padded(cell: string, width: number, measure: Measure): string {
  return cell + ' '.repeat(Math.max(0, width - measure(cell)));
}

/** Texts in which every character is one column wide: most tables. */
const COUNTABLE = /^[\u0020-\u007e…]*$/;

/** Exact width rules load lazily: importing them takes longer than loading all records. */
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
