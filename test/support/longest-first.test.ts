import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { LONG } from './longest-first.ts';

test('each file that starts early exists', () => {
  const root = new URL('../../', import.meta.url);
  expect(LONG.filter((name) => !existsSync(new URL(name, root)))).toEqual([]);
});
