/** One grapheme: the unit that a terminal draws as one character. */
export interface Grapheme {
  readonly segment: string;
  readonly index: number;
}

/** Graphemes of a text, iterable, or the one at an index, for cutting long lines. */
export interface Graphemes extends Iterable<Grapheme> {
  containing(index?: number): Grapheme | undefined;
}

/** Control characters, Western letters, punctuation, arrows, box lines and symbols: none joins with a neighbour. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: includes the sequences that colour a text
const ALONE = /^[\0-\x09\x0b\x0c\x0e-\x7e\xa1-\xac\xae-\u02ff\u2010-\u2027\u2190-\u27bf]*$/;

let segmenter: Intl.Segmenter | undefined;

/** Same as `Intl.Segmenter`, but loads its tables (a third of the start of Node.js) only for a text that needs them. */
export const graphemes = {
  segment(text: string): Graphemes {
    if (ALONE.test(text)) {
      const alone = Array.from(text, (segment, index): Grapheme => ({ segment, index }));
      return Object.assign(alone, { containing: (index = 0) => alone[index] });
    }
    segmenter ??= new Intl.Segmenter();
    return segmenter.segment(text);
  },
};

/** Replaces `Intl` in the bundled packages that split text: each makes a segmenter when it loads. */
export const lazyIntl = {
  Segmenter: class {
    readonly segment = graphemes.segment;
  },
};
