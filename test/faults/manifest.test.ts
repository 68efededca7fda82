import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { type Line, scenarios, untested } from './scenarios.ts';

const root = resolve(import.meta.dirname, '../..');
const CITATION = /\bverifies\(\s*(\[[^\]]*\]|'[^']*')/g;
const FOLDERS = ['test', 'packages/client/src', 'packages/cli/src'];

function citedLines(): ReadonlySet<string> {
  const files = FOLDERS.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.test\.tsx?$/.test(name) && !/(^|\/)(dist|node_modules)\//.test(name))
      .map((name) => readFileSync(join(root, folder, name), 'utf8')),
  );
  const citations = files.flatMap((text) => [...text.matchAll(CITATION)].map(([, lines = '']) => lines));
  return new Set(citations.flatMap((lines) => [...lines.matchAll(/'([^']*)'/g)].map(([, line = '']) => line)));
}

const lines = Object.keys(scenarios) as Line[];

test('every scenario line has a test or is listed as untested', () => {
  const cited = citedLines();
  expect(lines.filter((line) => !cited.has(line))).toEqual(untested);
});

test('every scenario line that a test cites exists', () => {
  expect([...citedLines()].filter((line) => !(line in scenarios))).toEqual([]);
});
