import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { CONTENDERS, TITLES } from './contender.ts';
import { rows } from './rows.ts';

const README = fileURLToPath(new URL('../README.md', import.meta.url));

function table(): readonly (readonly string[])[] {
  const lines = readFileSync(README, 'utf8')
    .split('\n')
    .filter((line) => /^\| (?!-)/.test(line));
  return lines.map((line) =>
    line
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

test('the table has a measured value for every fault and every client', () => {
  const [head = [], ...body] = table();
  expect(head).toEqual(['fault', 'wanted', ...CONTENDERS.map((contender) => TITLES[contender])]);
  expect(body.slice(0, -1).map(([name, wanted]) => [name, wanted])).toEqual(
    rows.map(({ name, wanted }) => [name, wanted]),
  );
  for (const [, , ...cells] of body.slice(0, -1)) {
    expect(cells).toHaveLength(CONTENDERS.length);
    for (const cell of cells) expect(cell).toMatch(/^[✔✘] \S/);
  }
});

// Longer than our client's own limit: the row fails first, with its details.
test.concurrent.each(rows)('survived: $name', { timeout: 600_000 }, async ({ run }) => {
  expect(await run('ours')).toMatchObject({ survived: true });
});
