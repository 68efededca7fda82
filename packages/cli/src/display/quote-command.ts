import { safeText } from './safe-text.ts';

/** Words that no shell expands. The first character is narrower: zsh expands `=name`, fish `%self`. */
const PLAIN = /^[\w+:,./@-][\w@%+=:,./-]*$/;

/** Quotes words so that sh, bash, zsh and fish read them back unchanged. */
export function quoteCommand(words: readonly string[]): string {
  return words.map(quoteWord).join(' ');
}

/** Keeps backslashes out of single quotes: fish reads `\'` inside them as a quote that does not end the text. */
export function quoteWord(word: string): string {
  if (PLAIN.test(word)) return word;
  if (word === '') return "''";
  return word.replace(/[\\']|[^\\']+/g, (part) => (part === '\\' || part === "'" ? `\\${part}` : `'${part}'`));
}

/** Quotes a word for pasting, with control characters escaped. */
export function wordToPaste(word: string): string {
  return quoteWord(safeText(word, { maxLength: 1_000 }));
}

export function commandToPaste(words: readonly string[]): string {
  return words.map(wordToPaste).join(' ');
}

/** True for a word with a leading dash: it would be read as a flag, even quoted. */
export function looksLikeFlag(word: string): boolean {
  return safeText(word).startsWith('-');
}

/** True for words that neither a shell nor a flag parser interprets: completion inserts them unquoted. */
export function isSafeToComplete(word: string): boolean {
  return PLAIN.test(word) && !looksLikeFlag(word);
}
