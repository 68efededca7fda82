import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { test } from 'vitest';
import measureText from './measure-text.ts';

const ink = createRequire(import.meta.url).resolve('ink');
const { default: inkMeasureText } = (await import(pathToFileURL(join(dirname(ink), 'measure-text.js')).href)) as {
  readonly default: typeof measureText;
};

test('measureText returns the same size as Ink', () => {
  const unit = fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('\n', '◐', '日本', '\u001b[31m', '🇩🇪'));
  const texts = fc.array(unit).map((parts) => parts.join(''));
  const isSameSize = (text: string) => JSON.stringify(measureText(text)) === JSON.stringify(inkMeasureText(text));
  fc.assert(fc.property(texts, isSameSize));
});
