import { sliceColumns, widthOf } from './line.ts';

/** Wraps text to `width` columns, between words if possible. */
export function wrapText(text: string, width: number): readonly string[] {
  return text.split('\n').flatMap((paragraph) => wrapParagraph(paragraph, Math.max(1, width)));
}

function wrapParagraph(paragraph: string, width: number): readonly string[] {
  if (widthOf(paragraph) <= width) return [paragraph];
  const rows: string[] = [];
  let row = '';
  for (const word of paragraph.split(/(?<=\s)(?=\S)/)) {
    if (widthOf((row + word).trimEnd()) <= width) {
      row += word;
      continue;
    }
    if (row.trim() !== '') rows.push(row.trimEnd());
    const pieces = breakWord(word, width);
    rows.push(...pieces.slice(0, -1));
    row = pieces.at(-1) ?? '';
  }
  if (row.trim() !== '' || rows.length === 0) rows.push(row.trimEnd());
  return rows;
}

function breakWord(word: string, width: number): readonly string[] {
  const pieces: string[] = [];
  let rest = word;
  while (widthOf(rest.trimEnd()) > width) {
    // Take at least one character, even if it is wider than the row.
    const piece = sliceColumns(rest, width) || (rest[0] ?? '');
    pieces.push(piece);
    rest = rest.slice(piece.length);
  }
  return [...pieces, rest];
}
