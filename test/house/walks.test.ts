import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from './support/sources.ts';

const pages = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8');
const walks = (/^## Five walks$([\s\S]*?)^## /m.exec(pages)?.[1] ?? '')
  .split(/^### /m)
  .slice(1)
  .map((walk) => ({
    name: walk.split('\n')[0] ?? '',
    files: [...walk.matchAll(/`([\w./-]+\.tsx?)`/g)].map(([, file = '']) => file),
  }));

test('there are five walks through the code', () => {
  expect(walks.length).toBe(5);
});

test.each(walks)('$name: at most twelve files, each passed once, and all of them exist', ({ files }) => {
  expect(files.length).toBeGreaterThanOrEqual(6);
  expect(files.length).toBeLessThanOrEqual(12);
  expect(files).toEqual([...new Set(files)]);
  const paths = files.map((file) => (file.startsWith('packages/') ? file : `packages/client/src/${file}`));
  expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});
