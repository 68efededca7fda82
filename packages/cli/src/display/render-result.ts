import { isJsonObject, type JsonObject, type JsonValue } from '@mcp-tasks/client';
import { inOneLine, isMarkdown, markdownLines, plainLines, type TextLine } from './markdown.ts';
import { safeText } from './safe-text.ts';

export interface RenderOptions {
  /** Prints the text as the server sent it. @default false: characters on which a terminal acts are escaped */
  readonly raw?: boolean | undefined;
  /** Keeps tabs, for a pipe. @default false */
  readonly tabs?: boolean | undefined;
}

/** Text of a call's result; escaped even for a file, which may be shown on a terminal later. */
export function renderResult(result: JsonObject, { raw = false, tabs = false }: RenderOptions = {}): string {
  const clean = (text: string): string =>
    raw ? text : safeText(text, { multiline: true, tabs, maxLength: Number.POSITIVE_INFINITY });
  return partsOf(result, clean)
    .map(({ text }) => text)
    .join('\n');
}

/** Lines of a call's result for a terminal, with Markdown rendered. */
export function resultForTerminal(result: JsonObject): readonly TextLine[] {
  const clean = (text: string): string => safeText(text, { multiline: true, maxLength: Number.POSITIVE_INFINITY });
  return partsOf(result, clean).flatMap(({ text, isProse }) =>
    isProse && isMarkdown(text) ? markdownLines(text) : plainLines(text),
  );
}

interface Part {
  readonly text: string;
  /** True for text written for people, which may be Markdown. */
  readonly isProse: boolean;
}

function partsOf(result: JsonObject, clean: (text: string) => string): readonly Part[] {
  const data = (value: JsonValue): Part => ({ text: clean(json(value)), isProse: false });
  if (!Array.isArray(result.content)) return [data(result)];
  const parts = result.content
    .map((block) => ({ text: renderBlock(block, clean), isProse: isProse(block) }))
    .filter(({ text }) => text !== '');
  const hasText = result.content.some((block) => isJsonObject(block) && block.type === 'text' && block.text !== '');
  // Servers often repeat structured data as text, for clients without support for it.
  if (result.structuredContent !== undefined && !hasText) parts.push(data(result.structuredContent));
  if (parts.length > 0) return parts;
  // For a nonstandard result, show its fields.
  const { content: _, _meta, isError: __, resultType: ___, ...rest } = result;
  return [Object.keys(rest).length === 0 ? { text: '(no content)', isProse: false } : data(rest)];
}

/** True for a text block, or a resource whose type is prose; source code is not, whatever its comments contain. */
export function isProse(block: JsonValue): boolean {
  if (!isJsonObject(block)) return false;
  if (block.type !== 'resource' || !isJsonObject(block.resource)) return block.type === 'text';
  return /^(?:undefined$|text\/(?:plain|markdown)\b)/.test(String(block.resource.mimeType));
}

/** The start of a result's first text, for a one-line summary. */
export function firstTextOf({ content }: JsonObject): string | undefined {
  if (!Array.isArray(content)) return undefined;
  for (const block of content) {
    if (isJsonObject(block) && block.type === 'text' && typeof block.text === 'string')
      return inOneLine(block.text.slice(0, 1_000));
  }
  return undefined;
}

function renderBlock(block: JsonValue, clean: (text: string) => string): string {
  if (!isJsonObject(block)) return clean(json(block));
  switch (block.type) {
    case 'text':
      return clean(String(block.text ?? ''));
    case 'image':
    case 'audio':
      return `[${block.type} ${clean(String(block.mimeType ?? ''))}, ${sizeOf(block.data)}]`;
    case 'resource_link':
      return clean(`[link ${block.name ?? ''} ${block.uri ?? ''}${block.mimeType ? ` ${block.mimeType}` : ''}]`);
    case 'resource':
      return renderResource(isJsonObject(block.resource) ? block.resource : {}, clean);
    default:
      return clean(json(block));
  }
}

function renderResource(resource: JsonObject, clean: (text: string) => string): string {
  if (typeof resource.text === 'string') return clean(resource.text);
  return clean(`[resource ${resource.uri ?? ''} ${resource.mimeType ?? ''}, ${sizeOf(resource.blob)}]`);
}

function sizeOf(base64: JsonValue | undefined): string {
  const bytes = typeof base64 === 'string' ? Math.floor((base64.length * 3) / 4) : 0;
  return bytes < 1024 ? `${bytes} bytes` : `${Math.round(bytes / 1024)} KB`;
}

function json(value: JsonValue): string {
  return JSON.stringify(value, null, 2);
}
