import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Cell } from './cell.ts';
import { CONTENDERS, type ContenderName } from './contender.ts';
import { renderTable } from './render-table.ts';
import { rows } from './rows.ts';

const README = fileURLToPath(new URL('../README.md', import.meta.url));
/** Limit of concurrent rows, to keep their timing. */
const AT_ONCE = 2;

const work = rows.flatMap((row) => CONTENDERS.map((contender) => ({ row, contender })));
const cells = new Map<string, Cell>();
const key = (name: string, contender: ContenderName): string => `${contender} ${name}`;

async function runNextRows(): Promise<void> {
  for (let next = work.shift(); next !== undefined; next = work.shift()) {
    const { row, contender } = next;
    const cell = await row.run(contender);
    cells.set(key(row.name, contender), cell);
    process.stderr.write(`${cell.survived ? '✔' : '✘'} ${contender}: ${row.name}: ${cell.text}\n`);
  }
}

await Promise.all(Array.from({ length: AT_ONCE }, runNextRows));
const results = rows.map(({ name, wanted }) => ({
  name,
  wanted,
  cells: Object.fromEntries(CONTENDERS.map((each) => [each, cells.get(key(name, each))])) as Record<
    ContenderName,
    Cell
  >,
}));
writeFileSync(README, renderTable(results));
process.stderr.write(`Written: ${README}\n`);
process.exit(0);
