export interface SafeTextOptions {
  /** Maximum length of the returned text in code points, including the ellipsis. @default 4_000 */
  readonly maxLength?: number;
  /** Keeps line breaks; otherwise they become single spaces. @default false */
  readonly multiline?: boolean;
  /** Keeps tabs, for a program that reads the text; otherwise they become two spaces. @default false */
  readonly tabs?: boolean;
}

/**
 * Makes a server's text safe for a terminal: no character can move the cursor, reorder a line, hide text, or ring. Such
 * characters are escaped visibly (`\x1b`); only colour sequences are removed, since honest programs send those.
 */
export function safeText(text: string, options: SafeTextOptions = {}): string {
  const maxLength = options.maxLength ?? 4_000;
  // Cut before escaping, so that a megabyte for a narrow row costs little.
  const considered = text.length > maxLength * 8 ? text.slice(0, maxLength * 8) : text;
  const isCut = considered.length < text.length;
  if (PLAIN.test(considered)) return cut(options.multiline === true ? considered : considered.trim(), maxLength, isCut);
  const harmless = considered
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .replace(COLOUR, '')
    .replace(LINE_BREAK, '\n')
    .replaceAll('\t', options.tabs === true ? '\t' : '  ')
    .replace(INVISIBLE, '')
    .replace(PILED_MARKS, '$1')
    .replace(DANGEROUS, escapeCharacter);
  const lines = options.multiline === true ? harmless : harmless.replace(/\n+/g, ' ').trim();
  return cut(lines, maxLength, isCut);
}

/** Texts without any character to escape: the common case. */
const PLAIN = /^[\u0020-\u007e]*$/;

/** SGR colour sequences in 7-bit and 8-bit form. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the point
const COLOUR = /(?:\u001b\[|\u009b)[0-9;:]*m/g;
const LINE_BREAK = /\r\n|[\n\r\v\f\u0085\u2028\u2029]/g;
/**
 * Directional marks, zero-width spaces, soft hyphens, tags and annotation anchors: invisible, and able to hide text.
 */
const INVISIBLE =
  /[\u00ad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u2060-\u2064\u206a-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb]|[\u{e0000}-\u{e0fff}]/gu;
/** More than four combining marks on one letter: no script needs them, and they draw over neighbouring rows. */
const PILED_MARKS = /(\p{M}{4})\p{M}+/gu;
/** Control characters except line breaks, and embeddings, overrides and isolates of bidirectional text. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the point
const DANGEROUS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

function escapeCharacter(character: string): string {
  const code = character.charCodeAt(0);
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16)}`;
}

function cut(text: string, maxLength: number, wasCut: boolean): string {
  if (!wasCut && text.length <= maxLength) return text;
  const points: string[] = [];
  for (const point of text) {
    if (points.length === maxLength) return `${points.slice(0, maxLength - 1).join('')}…`;
    points.push(point);
  }
  return wasCut ? `${points.slice(0, maxLength - 1).join('')}…` : text;
}

/** Control characters except tabs and line breaks, and characters that reorder a line. */
const CONTROLS = String.raw`\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069`;
const ACTIVE = new RegExp(`[${CONTROLS}]|[\\u{e0000}-\\u{e0fff}]`, 'u');

/** Final check of output lines, for a text that its caller failed to make safe. */
export function safeLines(text: string): string {
  return ACTIVE.test(text)
    ? safeText(text, { multiline: true, tabs: true, maxLength: Number.POSITIVE_INFINITY })
    : text;
}
