import { safeText } from './safe-text.ts';

/** No shell reads anything into such a word. The first character is narrower: zsh expands `=name`, fish `%self`. */
const PLAIN = /^[\w+:,./@-][\w@%+=:,./-]*$/;

/** A command line that sh, bash, zsh and fish read back as these words. */
export function quoteCommand(words: readonly string[]): string {
  return words.map(quoteWord).join(' ');
}

/** Single quotes hold no backslash: fish reads `\'` inside of them as a quote that does not end the text. */
export function quoteWord(word: string): string {
  if (PLAIN.test(word)) return word;
  if (word === '') return "''";
  return word.replace(/[\\']|[^\\']+/g, (part) => (part === '\\' || part === "'" ? `\\${part}` : `'${part}'`));
}

/** The same for a person to paste: a control character that the word has is written out, and the terminal sees none. */
export function wordToPaste(word: string): string {
  return quoteWord(safeText(word, { maxLength: 1_000 }));
}

export function commandToPaste(words: readonly string[]): string {
  return words.map(wordToPaste).join(' ');
}

/** A word that begins like a flag would be read as one, quoted or not. */
export function looksLikeFlag(word: string): boolean {
  return safeText(word).startsWith('-');
}

/** Completion puts words on the command line as they are: only such that no shell and no flag parser reads into. */
export function isSafeToComplete(word: string): boolean {
  return PLAIN.test(word) && !looksLikeFlag(word);
}
