import { isJsonObject, type JsonObject, type JsonValue } from '@mcp-tasks/client';
import { safeText } from './safe-text.ts';

/** What a call returned, for people. On a terminal nothing in it can act; in a pipe the text stays as it came. */
export function renderResult(result: JsonObject, isTerminal: boolean): string {
  const clean = (text: string): string =>
    isTerminal ? safeText(text, { multiline: true, maxLength: Number.POSITIVE_INFINITY }) : text;
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
