/** What a terminal draws as one character. */
export interface Grapheme {
  readonly segment: string;
  readonly index: number;
}

/** Those of one text, and the one at a place in it: what whoever cuts a line too long for the terminal asks for. */
export interface Graphemes extends Iterable<Grapheme> {
  containing(index?: number): Grapheme | undefined;
}

/** Control characters, Western letters, punctuation, arrows, lines and signs: none of them joins with its neighbour. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the sequences that colour a text are among them
const ALONE = /^[\0-\x09\x0b\x0c\x0e-\x7e\xa1-\xac\xae-\u02ff\u2010-\u2027\u2190-\u27bf]*$/;

let segmenter: Intl.Segmenter | undefined;

/** As an `Intl.Segmenter`, but its tables, as slow to load as a third of Node.js, wait for a text that needs them. */
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

/** Each emoji has one of these in it. */
const EMOJI_LIKE = /\p{Extended_Pictographic}|\p{Emoji_Presentation}|\p{Regional_Indicator}|\ufe0f|\u20e3/u;

let emoji: RegExp | undefined;

/** As `/^\p{RGI_Emoji}$/v`, but that list, slower to load than Node.js itself, waits for a text that may be on it. */
export const rgiEmoji = {
  test(text: string): boolean {
    if (!EMOJI_LIKE.test(text)) return false;
    // biome-ignore lint/complexity/useRegexLiterals: a literal would be read with this file
    emoji ??= new RegExp('^\\p{RGI_Emoji}$', 'v');
    return emoji.test(text);
  },
};
