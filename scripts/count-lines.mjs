// Prints the lengths of the client library's files and functions: totals by folder, the median, and the longest.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = process.argv[2] ?? 'packages/client/src';
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.tsx?$/.test(name) && !/\.test\.tsx?$/.test(name))
  .map((name) => ({ name, lines: readFileSync(join(folder, name), 'utf8').trimEnd().split('\n') }));

const byFolder = new Map();
for (const { name, lines } of files) {
  const key = name.includes('/') ? name.slice(0, name.indexOf('/')) : '(root)';
  const known = byFolder.get(key) ?? { files: 0, lines: 0 };
  byFolder.set(key, { files: known.files + 1, lines: known.lines + lines.length });
}
const sizes = files.map(({ lines }) => lines.length).sort((a, b) => a - b);
const longest = files.toSorted((a, b) => b.lines.length - a.lines.length)[0];

// The formatter puts the closing brace of a top-level function at the left margin.
const functions = files.flatMap(({ name, lines }) =>
  lines.flatMap((line, at) => {
    const found = /^(?:export )?(?:async )?(?:function\*? (\w+)|const (\w+)(?:: [^=]+)? = (?:async )?\(.*=>)/.exec(
      line,
    );
    if (found === null || !/[{(]$/.test(line)) return [];
    const length =
      lines.slice(at).findIndex((each, index) => index > 0 && /^[})]/.test(each) && !/^\)[:,]? .*\{$/.test(each)) + 1;
    return [{ name, function: found[1] ?? found[2], length }];
  }),
);

console.table(
  [...byFolder]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { files: count, lines }]) => ({ folder: name, files: count, lines })),
);
console.log(
  `files ${files.length}, lines ${sizes.reduce((a, b) => a + b, 0)}, median ${sizes[Math.floor(sizes.length / 2)]}`,
);
console.log(`longest file ${longest.name}, ${longest.lines.length}`);
console.table(functions.sort((a, b) => b.length - a.length).slice(0, 10));
