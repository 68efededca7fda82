import stringWidth from 'string-width';
import { graphemes } from '../../display/graphemes.ts';
import type { TextTone } from '../../display/markdown-inline.ts';

/** Meaning of a piece of text; the theme maps it to a style. */
export type Tone = TextTone | 'accent' | 'ask' | 'good' | 'bad' | 'warn' | 'marked';

export interface Span {
  readonly text: string;
  readonly tone: Tone;
}

/** One row of a frame. */
export type Line = readonly Span[];

export function span(text: string, tone: Tone = 'plain'): Span {
  return { text, tone };
}

export function line(...parts: readonly (Span | string)[]): Line {
  return parts.map((part) => (typeof part === 'string' ? span(part) : part));
}

export function sameLine(one: Line, other: Line | undefined): boolean {
  return (
    one.length === other?.length &&
    one.every(({ text, tone }, at) => text === other[at]?.text && tone === other[at]?.tone)
  );
}

/** Width of the text in terminal columns. */
export function widthOf(text: string): number {
  // Plain ASCII, the common case, needs no measuring, which is a hundred times slower.
  return /^[\x20-\x7e]*$/.test(text) ? text.length : stringWidth(text);
}

export function lineWidth(spans: Line): number {
  return spans.reduce((sum, each) => sum + widthOf(each.text), 0);
}

/** Start of the text in at most `width` columns, without splitting a wide character. */
export function sliceColumns(text: string, width: number): string {
  if (text.length <= width && widthOf(text) <= width) return text;
  let slice = '';
  let used = 0;
  for (const { segment } of graphemes.segment(text)) {
    used += widthOf(segment);
    if (used > width) break;
    slice += segment;
  }
  return slice;
}

/** Text cut to `width` columns with an ellipsis. */
export function cutText(text: string, width: number): string {
  if (width <= 0) return '';
  return widthOf(text) <= width ? text : `${sliceColumns(text, width - 1)}…`;
}

/** Text cut or padded to exactly `width` columns. */
export function fitText(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const cut = cutText(text, width);
  const blanks = ' '.repeat(Math.max(0, width - widthOf(cut)));
  return align === 'left' ? cut + blanks : blanks + cut;
}

/** Row cut to `width` columns by shortening its last visible span. */
export function cutLine(spans: Line, width: number): Line {
  if (lineWidth(spans) <= width) return spans;
  const kept: Span[] = [];
  let left = width;
  for (const each of spans) {
    const wide = widthOf(each.text);
    if (wide < left) {
      kept.push(each);
      left -= wide;
      continue;
    }
    const rest = spans.slice(kept.length + 1).some((other) => other.text !== '');
    kept.push(
      span(rest && wide === left ? `${sliceColumns(each.text, left - 1)}…` : cutText(each.text, left), each.tone),
    );
    break;
  }
  return kept;
}

/** Left and right part of one row; the right one is dropped if it does not fit. */
export function spread(left: Line, right: Line, width: number): Line {
  const gap = width - lineWidth(left) - lineWidth(right);
  return gap >= 1 ? [...left, span(' '.repeat(gap)), ...right] : cutLine(left, width);
}
