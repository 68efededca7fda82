import { isJsonObject, type JsonObject, type JsonValue } from '@mcp-tasks/client';
import { safeText } from './safe-text.ts';

export interface RenderOptions {
  /** As the server sent it. @default false: no character of it acts on a terminal */
  readonly raw?: boolean | undefined;
  /** Keep tabs: for a pipe, whose reader may want them. @default false */
  readonly tabs?: boolean | undefined;
}

/** The result of a call as text. A terminal may show it later, also where it goes to a file first. */
export function renderResult(result: JsonObject, { raw = false, tabs = false }: RenderOptions = {}): string {
  const clean = (text: string): string =>
    raw ? text : safeText(text, { multiline: true, tabs, maxLength: Number.POSITIVE_INFINITY });
  if (!Array.isArray(result.content)) return clean(json(result));
  const blocks = result.content.map((block) => renderBlock(block, clean)).filter((block) => block !== '');
  const hasText = result.content.some((block) => isJsonObject(block) && block.type === 'text' && block.text !== '');
  // Servers that return data repeat it as text, for clients that know no data.
  if (result.structuredContent !== undefined && !hasText) blocks.push(clean(json(result.structuredContent)));
  if (blocks.length > 0) return blocks.join('\n');
  // A result that is none of the protocol's: what it has instead of content.
  const { content: _, _meta, isError: __, resultType: ___, ...rest } = result;
  return Object.keys(rest).length === 0 ? '(no content)' : clean(json(rest));
}

/** The first text of a result, its beginning: enough for a line that says what came of a call. */
export function firstTextOf({ content }: JsonObject): string | undefined {
  if (!Array.isArray(content)) return undefined;
  for (const block of content) {
    if (isJsonObject(block) && block.type === 'text' && typeof block.text === 'string')
      return block.text.slice(0, 1_000);
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
