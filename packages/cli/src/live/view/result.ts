import { isJsonObject, type JsonObject, type JsonValue, lostDigits, type Outcome } from '@mcp-tasks/client';
import { isMarkdown, markdownLines } from '../../display/markdown.ts';
import { isProse } from '../../display/render-result.ts';
import { lostDigitsIn } from '../../display/task-document.ts';
import { lostDigitsLine } from '../../display/task-lines.ts';
import { wrapSpans } from '../../display/wrap-spans.ts';
import { manyLines, oneLine, plural } from './format.ts';
import { type Line, line, sliceColumns, span, widthOf } from './line.ts';
import { wrapText } from './wrap.ts';

/** Maximum length of a shown text, in characters; `mcp-tasks result` prints all. */
const MAX_TEXT = 100_000;

const MAX_LINES = 2_000;

const drawn = new WeakMap<Outcome, { readonly width: number; readonly lines: readonly Line[] }>();

/**
 * A task's result by kind: text, data, links, and one line for content that a terminal cannot show. Cached by width.
 */
export function resultLines(outcome: Outcome, width: number): readonly Line[] {
  const known = drawn.get(outcome);
  if (known?.width === width) return known.lines;
  const lines = linesOf(outcome, width);
  drawn.set(outcome, { width, lines });
  return lines;
}

function linesOf(outcome: Outcome, width: number): readonly Line[] {
  const { result } = outcome;
  const failure = failureLines(outcome, width);
  if (result === undefined) {
    return failure.length === 0 ? [line(span('The server sent no result.', 'dim'))] : failure;
  }
  const { content, structuredContent: data } = result;
  if (!Array.isArray(content)) return [...failure, ...texts(pretty(result), width)];
  const lost = lostDigitsIn(outcome);
  const lines = [
    ...failure,
    ...contentLines(content, width),
    ...(data === undefined ? [] : [line(span('Data', 'dim')), ...texts(pretty(data), width)]),
    ...(lost === undefined ? [] : texts(lostDigitsLine(lost), width, 'bad')),
  ];
  return lines.length === 0 ? [line(span('The result is empty.', 'dim'))] : lines;
}

function failureLines({ result, error }: Outcome, width: number): readonly Line[] {
  const { message = '', code = null, data = null } = error ?? {};
  return [
    ...(error === undefined ? [] : texts(code === null ? message : `${message} (${code})`, width, 'bad')),
    ...(data === null ? [] : texts(pretty(data), width)),
    ...(result?.isError === true ? [line(span('The tool returned an error:', 'bad'))] : []),
  ];
}

/** Draws no more parts after MAX_LINES: a result of many megabytes would block the view. */
function contentLines(content: readonly JsonValue[], width: number): readonly Line[] {
  const lines: Line[] = [];
  for (const [at, block] of content.entries()) {
    if (lines.length > MAX_LINES) {
      const more = plural(content.length - at, 'more part');
      return [...lines, line(span(`… and ${more}: mcp-tasks result prints all`, 'dim'))];
    }
    for (const row of blockLines(block, width)) lines.push(row);
  }
  return lines;
}

function blockLines(block: JsonValue, width: number): readonly Line[] {
  if (!isJsonObject(block)) return texts(pretty(block), width);
  switch (block.type) {
    case 'text':
      return typeof block.text === 'string' ? prose(asJson(block.text) ?? block.text, width) : [];
    case 'image':
    case 'audio':
      return [
        line(
          span(`${block.type}  `, 'accent'),
          span(`${oneLine(String(block.mimeType ?? ''))}, ${sizeOf(block.data)}`),
        ),
      ];
    case 'resource_link':
      return linkLines(block, width);
    case 'resource':
      return resourceLines(isJsonObject(block.resource) ? block.resource : {}, width, isProse(block));
    default:
      return texts(pretty(block), width);
  }
}

function linkLines(block: JsonObject, width: number): readonly Line[] {
  const name = String(block.title ?? block.name ?? '');
  const rows = wrapText(`${oneLine(name)} ${oneLine(String(block.uri ?? ''))}`.trim(), Math.max(8, width - 6));
  return rows.map((row, at) => line(span(at === 0 ? 'link  ' : '      ', 'accent'), span(row)));
}

function resourceLines(resource: JsonObject, width: number, isRead: boolean): readonly Line[] {
  const kind = oneLine(`${resource.uri ?? ''}${resource.mimeType === undefined ? '' : `, ${resource.mimeType}`}`);
  const head = line(span('resource  ', 'accent'), span(kind));
  if (typeof resource.text === 'string') return [head, ...(isRead ? prose : texts)(resource.text, width)];
  return [line(...head, span(`, ${sizeOf(resource.blob)}`))];
}

function texts(text: string, width: number, tone: 'plain' | 'bad' = 'plain'): readonly Line[] {
  return wrapText(manyLines(text, MAX_TEXT), width).map((row) => line(span(row, tone)));
}

/** Text for people, with Markdown rendered. */
function prose(text: string, width: number): readonly Line[] {
  const safe = manyLines(text, MAX_TEXT);
  if (!isMarkdown(safe)) return texts(text, width);
  return markdownLines(safe).flatMap((each) => wrapSpans(each, { width, measure: widthOf, slice: sliceColumns }));
}

/** Indents a text that is a JSON object or list. */
function asJson(text: string): string | undefined {
  // Parsing would change a number with many digits.
  if (!/^\s*[[{]/.test(text) || text.length > MAX_TEXT || lostDigits(text) !== undefined) return undefined;
  try {
    return pretty(JSON.parse(text) as JsonValue);
  } catch {
    return undefined;
  }
}

function pretty(value: JsonValue): string {
  return JSON.stringify(value, null, 2);
}

function sizeOf(base64: JsonValue | undefined): string {
  const bytes = typeof base64 === 'string' ? Math.floor((base64.length * 3) / 4) : 0;
  return bytes < 1024 ? `${bytes} bytes` : `${Math.round(bytes / 102.4) / 10} KB`;
}
