import type { TextLine } from './markdown.ts';
import type { TextSpan } from './markdown-inline.ts';

export interface WrapOptions {
  readonly width: number;
  /** Width of a text in terminal columns. */
  readonly measure: (text: string) => number;
  /** Cuts the start of a word wider than a row. @default such words stay whole, for copying */
  readonly slice?: ((word: string, width: number) => string) | undefined;
}

/** Wraps a line between words; later rows are indented by its `hang`. */
export function wrapSpans(line: TextLine, options: WrapOptions): readonly (readonly TextSpan[])[] {
  const { measure } = options;
  const width = Math.max(1, options.width);
  const hang = line.hang < width / 2 ? line.hang : 0;
  const rows: TextSpan[][] = [];
  let row: TextSpan[] = [];
  let used = 0;
  for (const word of wordsOf(line.spans)) {
    for (const part of partsOf(word, width - hang, options)) {
      if (used + measure(textOf(part).trimEnd()) > width && used > hang) {
        rows.push(row);
        row = hang === 0 ? [] : [{ text: ' '.repeat(hang), tone: 'plain' }];
        used = hang;
      }
      row.push(...part);
      used += measure(textOf(part));
    }
  }
  return [...rows, row];
}

type Word = readonly TextSpan[];

/** Splits into words with their trailing blanks; one word may have several tones. */
function wordsOf(spans: readonly TextSpan[]): readonly Word[] {
  const words: Word[] = [];
  let word: TextSpan[] = [];
  for (const { text, tone } of spans) {
    for (const piece of text.split(/(?<=\s)(?=\S)/)) {
      word.push({ text: piece, tone });
      if (!/\s$/.test(piece)) continue;
      words.push(word);
      word = [];
    }
  }
  return word.length === 0 ? words : [...words, word];
}

function partsOf(word: Word, width: number, { measure, slice }: WrapOptions): readonly Word[] {
  if (slice === undefined || measure(textOf(word).trimEnd()) <= width) return [word];
  return word.flatMap(({ text, tone }) => {
    const parts: Word[] = [];
    let rest = text;
    while (measure(rest.trimEnd()) > width) {
      // Take at least one character, even if it is wider than the row.
      const part = slice(rest, width) || (rest[0] ?? '');
      parts.push([{ text: part, tone }]);
      rest = rest.slice(part.length);
    }
    return [...parts, [{ text: rest, tone }]];
  });
}

function textOf(word: Word): string {
  return word.map(({ text }) => text).join('');
}
