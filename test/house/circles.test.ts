import { expect, test } from 'vitest';
import { type Source, sourcesUnder } from './support/sources.ts';

/** Groups of files that import each other in circles: Tarjan's strongly connected components. */
function circlesOf(sources: readonly Source[]): readonly (readonly string[])[] {
  const imports = new Map(sources.map((source) => [source.path, source.imports]));
  const visited = new Map<string, { readonly index: number; low: number }>();
  const stack: string[] = [];
  const circles: string[][] = [];

  function visit(path: string): { readonly index: number; low: number } {
    const seen = { index: visited.size, low: visited.size };
    visited.set(path, seen);
    stack.push(path);
    for (const target of imports.get(path) ?? []) {
      if (!imports.has(target)) continue;
      const known = visited.get(target);
      if (known === undefined) seen.low = Math.min(seen.low, visit(target).low);
      else if (stack.includes(target)) seen.low = Math.min(seen.low, known.index);
    }
    if (seen.low < seen.index) return seen;
    const circle = stack.splice(stack.indexOf(path));
    if (circle.length > 1) circles.push(circle.sort());
    return seen;
  }

  for (const path of imports.keys()) if (!visited.has(path)) visit(path);
  return circles;
}

test('an import circle of three files is found', () => {
  const source = (path: string, ...imports: string[]): Source => ({ path, text: '', imports });
  const files = [source('a', 'b'), source('b', 'c', 'zod'), source('c', 'a'), source('d', 'a'), source('e', 'd')];
  expect(circlesOf(files)).toEqual([['a', 'b', 'c']]);
});

test.each(['packages/client/src', 'packages/cli/src'])('no files of %s import each other in a circle', (folder) => {
  const sources = sourcesUnder(folder);
  expect(sources.length).toBeGreaterThan(100);
  expect(circlesOf(sources)).toEqual([]);
});
