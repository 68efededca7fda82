import { readInline, type TextSpan } from './markdown-inline.ts';
import { isTableRow, tableRows } from './markdown-table.ts';

/** One line for a person; `hang` is the indent of its wrapped rows. */
export interface TextLine {
  readonly spans: readonly TextSpan[];
  readonly hang: number;
}

/** Maximum length to read as Markdown, in characters; longer texts are shown unchanged. */
const MAX_LENGTH = 200_000;

const SIGNS: readonly RegExp[] = [
  /^ {0,3}(?:```|~~~)/m,
  /(?:^|\n\n)#{1,6} [^\n]+(?:\n\n|\n?$)/,
  /(?<![\w*])\*\*[^\s*](?:[^*\n]{0,200}[^\s*])?\*\*(?![\w*])/,
  /\[[^\]\n]{1,200}\]\((?:https?:|mailto:)[^\s)]{1,1000}\)/,
];

/** True if the text has marks of Markdown. A list alone does not count: it reads well unchanged, and may be YAML. */
export function isMarkdown(text: string): boolean {
  return text.length <= MAX_LENGTH && !isJson(text) && SIGNS.some((sign) => sign.test(text));
}

function isJson(text: string): boolean {
  if (!/^\s*[[{]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** The text's lines unchanged. */
export function plainLines(text: string): readonly TextLine[] {
  return text.split('\n').map((line) => ({ spans: [{ text: line, tone: 'plain' }], hang: 0 }));
}

/** Prose of a Markdown text for one row, without marks and tables; any other text unchanged. */
export function inOneLine(text: string): string {
  if (!isMarkdown(text)) return text;
  const prose = text.split('\n').filter((line) => line.trim() !== '' && !isTableRow(line));
  return markdownLines(prose.join('\n'))
    .map(({ spans }) => spans.map((each) => each.text).join(''))
    .filter((line) => !/^─+$/.test(line))
    .join(' · ');
}

/** Renders Markdown without its marks, line by line, dropping fence lines. Expects text already made safe. */
export function markdownLines(text: string): readonly TextLine[] {
  const lines = text.split('\n');
  const shown: TextLine[] = [];
  let fence: string | undefined;
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    const mark = /^ {0,3}(`{3,}|~{3,})([^`]*)$/.exec(line);
    if (fence !== undefined) {
      if (mark?.[1]?.startsWith(fence) === true && mark[2]?.trim() === '') fence = undefined;
      else shown.push(codeLine(line));
      continue;
    }
    fence = mark?.[1];
    if (fence !== undefined) continue;
    const table = isTableRow(line) ? rowsFrom(lines, at) : [line];
    shown.push(...(tableRows(table)?.map((row) => inLine([], row)) ?? table.map(blockLine)));
    at += table.length - 1;
  }
  return shown;
}

function rowsFrom(lines: readonly string[], at: number): readonly string[] {
  let end = at + 1;
  while (end < lines.length && isTableRow(lines[end] ?? '')) end += 1;
  return lines.slice(at, end);
}

function codeLine(line: string): TextLine {
  return { spans: [{ text: `  ${line}`, tone: 'code' }], hang: 2 };
}

function blockLine(line: string): TextLine {
  const [, heading] = /^ {0,3}#{1,6} +(.*)$/.exec(line) ?? [];
  if (heading !== undefined) return inLine([], readInline(withoutClosing(heading)).map(asStrong));
  if (/^(?:-{3,}|\*{3,}|_{3,})$/.test(line.replaceAll(' ', ''))) return inLine([dim('─'.repeat(20))], []);
  const [quote, rest = ''] = quoteOf(line);
  if (quote !== '') return inLine([dim(quote)], readInline(rest));
  const [, indent = '', mark, itemText = ''] = /^(\s{0,20})([-*+]|\d{1,9}[.)])\s+(.*)$/.exec(line) ?? [];
  if (mark !== undefined) return itemLine(indent, mark, itemText);
  // Keep indented code and table rows unchanged.
  if (/^(?: {4}|\s*\|)/.test(line)) return inLine([], [{ text: line, tone: 'plain' }]);
  return inLine([], readInline(line));
}

function itemLine(indent: string, mark: string, itemText: string): TextLine {
  const [, box, rest = itemText] = /^\[([ xX])\] (.*)$/.exec(itemText) ?? [];
  const sign = /\d/.test(mark) ? mark : '•';
  const ticked = box === undefined ? '' : box === ' ' ? '☐ ' : '☑ ';
  return inLine([{ text: `${indent}${sign} ${ticked}`, tone: 'plain' }], readInline(rest));
}

function quoteOf(line: string): readonly [quote: string, rest: string] {
  const [marks = ''] = /^(?: {0,3}> ?){1,5}/.exec(line) ?? [];
  return ['│ '.repeat(marks.replaceAll(' ', '').length), line.slice(marks.length)];
}

/** Removes the closing marks of `# Title ##`. */
function withoutClosing(heading: string): string {
  let end = heading.trimEnd().length;
  const trimmed = end;
  while (heading[end - 1] === '#') end -= 1;
  return end < trimmed && heading[end - 1] === ' ' ? heading.slice(0, end).trimEnd() : heading.slice(0, trimmed);
}

function inLine(lead: readonly TextSpan[], spans: readonly TextSpan[]): TextLine {
  return { spans: [...lead, ...spans], hang: lead.reduce((sum, { text }) => sum + text.length, 0) };
}

function dim(text: string): TextSpan {
  return { text, tone: 'dim' };
}

function asStrong({ text, tone }: TextSpan): TextSpan {
  return { text, tone: tone === 'code' ? tone : 'strong' };
}
