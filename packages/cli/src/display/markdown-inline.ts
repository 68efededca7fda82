/** Meaning of a piece of text; the theme maps it to a style. */
export type TextTone = 'plain' | 'strong' | 'emphasis' | 'code' | 'dim';

export interface TextSpan {
  readonly text: string;
  readonly tone: TextTone;
}

interface Found {
  readonly spans: readonly TextSpan[];
  /** Index at which reading continues. */
  readonly end: number;
}

/** Marks nested deeper are read as plain letters, which keeps reading linear. */
const MAX_DEPTH = 2;
const MAX_ADDRESS = 1_000;
const NOT_MARKS = /[^\\`*_![<]+/y;

/** Spans of one line of Markdown: emphasis, code, and links with their whole address. */
export function readInline(text: string, depth = 0, tone: TextTone = 'plain'): readonly TextSpan[] {
  const spans: TextSpan[] = [];
  const closers = closersIn(text);
  let plain = '';
  const flush = (): void => {
    if (plain !== '') spans.push({ text: plain, tone });
    plain = '';
  };
  let at = 0;
  while (at < text.length) {
    NOT_MARKS.lastIndex = at;
    const [letters] = NOT_MARKS.exec(text) ?? [];
    if (letters !== undefined) {
      plain += letters;
      at += letters.length;
      continue;
    }
    const found = depth < MAX_DEPTH ? readMark(text, at, { depth, tone, closers }) : undefined;
    if (found === undefined) {
      plain += text[at];
      at += 1;
      continue;
    }
    flush();
    spans.push(...found.spans);
    at = found.end;
  }
  flush();
  return spans;
}

interface Reading {
  readonly depth: number;
  readonly tone: TextTone;
  readonly closers: (mark: string, from: number) => number;
}

function readMark(text: string, at: number, reading: Reading): Found | undefined {
  const { tone } = reading;
  switch (text[at]) {
    case '\\': {
      const next = text[at + 1] ?? '';
      return /^[\\`*_[\]#!]$/.test(next) ? { spans: [{ text: next, tone }], end: at + 2 } : undefined;
    }
    case '`':
      return readCode(text, at, reading);
    case '<': {
      const [whole, address = ''] =
        /^<((?:https?:\/\/|mailto:)[^\s<>]{1,1000})>/.exec(text.slice(at, at + 1_020)) ?? [];
      return whole === undefined ? undefined : { spans: [{ text: address, tone: 'code' }], end: at + whole.length };
    }
    case '!':
      return text[at + 1] === '[' ? readLink(text, at + 1, reading) : undefined;
    case '[':
      return readLink(text, at, reading);
    default:
      return readEmphasis(text, at, reading);
  }
}

function readCode(text: string, at: number, { closers }: Reading): Found | undefined {
  const mark = text.startsWith('``', at) ? '``' : '`';
  const from = at + mark.length;
  const end = closers(mark, from + 1);
  return end < 0 ? undefined : { spans: [{ text: text.slice(from, end), tone: 'code' }], end: end + mark.length };
}

function readEmphasis(text: string, at: number, { depth, closers }: Reading): Found | undefined {
  const one = text[at] ?? '';
  const mark = text[at + 1] === one ? one + one : one;
  const from = at + mark.length;
  // Inside a word, as in snake_case and 2**3, the mark is a letter.
  if (isWordOrMark(text[at - 1], one) || /^\s?$/.test(text[from] ?? '')) return undefined;
  const end = closers(mark, from + 1);
  if (end < 0) return undefined;
  const tone = mark.length === 2 ? 'strong' : 'emphasis';
  return { spans: readInline(text.slice(from, end), depth + 1, tone), end: end + mark.length };
}

function readLink(text: string, at: number, { depth, tone, closers }: Reading): Found | undefined {
  const middle = closers('](', at + 1);
  const inner = closers('[', at + 1);
  if (middle < 0 || (inner >= 0 && inner < middle)) return undefined;
  const address = readAddress(text.slice(middle + 2, middle + 2 + MAX_ADDRESS));
  if (address === undefined) return undefined;
  const label = text.slice(at + 1, middle);
  const end = middle + 2 + address.length;
  const shown: TextSpan = { text: address.url, tone: 'code' };
  if (label.trim() === '' || label === address.url) return { spans: [shown], end };
  const labelSpans = readInline(label, depth + 1, tone);
  return { spans: [...labelSpans, { text: ' (', tone }, shown, { text: ')', tone }], end };
}

/** Reads an address up to its closing parenthesis; a title after it is skipped. */
function readAddress(text: string): { readonly url: string; readonly length: number } | undefined {
  let open = 0;
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at];
    if (letter === '(') open += 1;
    if (letter === ')') open -= 1;
    if (open < 0) return at === 0 ? undefined : { url: text.slice(0, at), length: at + 1 };
    if (letter !== ' ') continue;
    const [title] = /^ "[^"]*"\)/.exec(text.slice(at)) ?? [];
    return title === undefined || at === 0 ? undefined : { url: text.slice(0, at), length: at + title.length };
  }
  return undefined;
}

/** Finds the next closing mark. Results are cached, so increasing positions read the text once per mark. */
function closersIn(text: string): Reading['closers'] {
  const known = new Map<string, number>();
  return (mark, from) => {
    const before = known.get(mark);
    if (before !== undefined && (before < 0 || before >= from)) return before;
    let at = text.indexOf(mark, from);
    while (at >= 0 && !closes(text, at, mark)) at = text.indexOf(mark, at + 1);
    known.set(mark, at);
    return at;
  };
}

function closes(text: string, at: number, mark: string): boolean {
  const one = mark[0] ?? '';
  if (one === '`') return text[at + mark.length] !== '`' && text[at - 1] !== '`';
  if (one !== '*' && one !== '_') return true;
  if (mark.length === 1 && text[at - 1] === one) return false;
  return !/\s/.test(text[at - 1] ?? '') && !isWordOrMark(text[at + mark.length], one);
}

function isWordOrMark(letter: string | undefined, mark: string): boolean {
  return letter === mark || (letter !== undefined && /[\p{L}\p{N}_]/u.test(letter));
}
