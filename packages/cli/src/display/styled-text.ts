import type { TextLine } from './markdown.ts';
import type { TextSpan, TextTone } from './markdown-inline.ts';
import { roughWidth } from './rough-width.ts';
import { safeLines } from './safe-text.ts';
import { wrapSpans } from './wrap-spans.ts';

export interface StyledOptions {
  readonly width: number;
  readonly color: boolean;
  readonly unicode: boolean;
}

const STYLES: Readonly<Record<Exclude<TextTone, 'plain'>, readonly [on: number, off: number]>> = {
  strong: [1, 22],
  emphasis: [3, 23],
  dim: [2, 22],
  code: [36, 39],
};

const ASCII: readonly (readonly [RegExp, string])[] = [
  [/•/g, '*'],
  [/│/g, '|'],
  [/─/g, '-'],
  [/☐/g, '[ ]'],
  [/☑/g, '[x]'],
];

/** Renders lines for a terminal: wrapped between words, tones as attributes, unsafe characters escaped. */
export function styledText(lines: readonly TextLine[], options: StyledOptions): string {
  const { width, color, unicode } = options;
  const rows = lines.flatMap((line) => wrapSpans(line, { width, measure: roughWidth }));
  return rows
    .map((row) => row.map((span, at) => styled(span, { color, unicode, isLead: at === 0 })).join(''))
    .join('\n');
}

function styled(
  { text, tone }: TextSpan,
  { color, unicode, isLead }: Omit<StyledOptions, 'width'> & { isLead: boolean },
) {
  // Use ASCII only for the renderer's own signs, which always come first in a row.
  const shown = safeLines(
    unicode || !isLead ? text : ASCII.reduce((result, [sign, other]) => result.replace(sign, other), text),
  );
  if (tone === 'plain' || shown.trim() === '' || (tone === 'code' && !color)) return shown;
  const [on, off] = STYLES[tone];
  return `\u001b[${on}m${shown}\u001b[${off}m`;
}
