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

/** Every emoji contains one of these. */
const EMOJI_LIKE = /\p{Extended_Pictographic}|\p{Emoji_Presentation}|\p{Regional_Indicator}|\ufe0f|\u20e3/u;

let emoji: RegExp | undefined;

/** Same as `/^\p{RGI_Emoji}$/v`, but loads that list (slower than Node.js itself) only for a text that may match. */
export const rgiEmoji = {
  test(text: string): boolean {
    if (!EMOJI_LIKE.test(text)) return false;
    // biome-ignore lint/complexity/useRegexLiterals: a literal would be compiled when this file loads
    emoji ??= new RegExp('^\\p{RGI_Emoji}$', 'v');
    return emoji.test(text);
  },
};
