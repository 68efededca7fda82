import { helpFor } from '../keys/keymap.ts';
import type { Model } from '../state/model.ts';
import type { Body } from './body.ts';
import { fitText, type Line, line, span, type Tone } from './line.ts';
import { glyphs } from './theme.ts';
import { wrapText } from './wrap.ts';

const LEAD = 11;

const SIGNS: readonly (readonly [string, string])[] = [
  [glyphs.working, 'at work'],
  [glyphs.asks, 'asks something'],
  [glyphs.completed, 'completed'],
  [glyphs.failed, 'failed or expired'],
  [glyphs.cancelled, 'cancelled'],
  [glyphs.unknown, 'unknown: may have run'],
];

/** Keys of the page below, and meanings of the signs. */
export function viewHelp(model: Model, scroll: number, height: number): Body {
  const entry = (shown: string, says: string, tone: Tone = 'plain'): readonly Line[] =>
    wrapText(says, Math.max(8, model.columns - LEAD - 1)).map((row, at) =>
      line(' ', span(fitText(at === 0 ? shown : '', LEAD), 'strong'), span(row, tone)),
    );
  const entries: readonly Line[] = [
    ...helpFor(model).flatMap((binding) => entry(binding.shown, binding.help ?? binding.says)),
    ...entry('Ctrl-C', 'leave at once'),
    ...entry('Ctrl-Z', 'to the shell for a while; fg comes back'),
    ...SIGNS.flatMap(([sign, meaning]) => entry(sign, meaning, 'dim')),
  ];
  const scrollMax = Math.max(0, entries.length - height);
  const from = Math.min(scroll, scrollMax);
  return { lines: entries.slice(from, from + height), scrollMax };
}
