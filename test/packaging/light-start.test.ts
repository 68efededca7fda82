import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { lightStart } from '../../packages/cli/light-start.ts';

const ink = createRequire(new URL('../../packages/cli/package.json', import.meta.url)).resolve('ink');
const file = join(dirname(ink), 'measure-text.js');

interface Measuring {
  readonly measureText: (text: string) => { width: number; height: number };
  readonly cache: Map<string, unknown>;
}

/** The bundled module, with its cache exposed. */
function measuring(): Measuring {
  const code = lightStart.transform(readFileSync(file, 'utf8'), file) ?? '';
  const body = code.replaceAll(/^import .*$/gm, '').replace(/^export default .*$/m, 'return { measureText, cache };');
  return new Function('widestLine', body)((text: string) => text.length) as Measuring;
}

test('a view that is left open keeps no more of what it drew than it draws again', () => {
  const { measureText, cache } = measuring();
  for (let second = 0; second < 5_000; second += 1) {
    expect(measureText(`called ${second} s ago`)).toEqual({ width: `called ${second} s ago`.length, height: 1 });
  }
  expect(cache.size).toBeLessThanOrEqual(1_000);
});
