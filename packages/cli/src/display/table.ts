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
