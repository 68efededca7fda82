import { isJsonObject, type JsonObject, type JsonValue } from '@mcp-tasks/client';

/** One part of a result as a file. Its name contains no text from the server. */
export interface ResultFile {
  readonly extension: string;
  readonly about: string;
  readonly content: string | Uint8Array;
}

const EXTENSIONS: ReadonlyMap<string, string> = new Map([
  ['image/png', 'png'],
  ['image/jpeg', 'jpg'],
  ['image/gif', 'gif'],
  ['image/webp', 'webp'],
  ['image/svg+xml', 'svg'],
  ['audio/mpeg', 'mp3'],
  ['audio/wav', 'wav'],
  ['audio/ogg', 'ogg'],
  ['application/pdf', 'pdf'],
  ['application/json', 'json'],
  ['application/zip', 'zip'],
  ['text/csv', 'csv'],
  ['text/html', 'html'],
  ['text/markdown', 'md'],
]);

/** Parts of a result: all texts in one file, one file for each image, sound and resource, and the data. */
export function resultFiles(result: JsonObject): readonly ResultFile[] {
  if (!Array.isArray(result.content)) return [dataFile(result)];
  const texts = result.content.flatMap((block) => textOf(block) ?? []);
  const text = texts.length === 0 ? [] : [{ extension: 'txt', about: 'text', content: `${texts.join('\n')}\n` }];
  const others = result.content.flatMap((block) => fileOf(block) ?? []);
  const data = result.structuredContent === undefined ? [] : [dataFile(result.structuredContent)];
  return [...text, ...others, ...data];
}

function textOf(block: JsonValue): string | undefined {
  if (!isJsonObject(block)) return undefined;
  if (block.type === 'resource_link') return `${block.name ?? ''} ${block.uri ?? ''}`.trim();
  return block.type === 'text' && typeof block.text === 'string' ? block.text : undefined;
}

function fileOf(block: JsonValue): ResultFile | undefined {
  if (!isJsonObject(block)) return undefined;
  if (block.type === 'image' || block.type === 'audio') return binary(block.data, block.mimeType);
  if (block.type !== 'resource' || !isJsonObject(block.resource)) return undefined;
  const { text, blob, mimeType } = block.resource;
  if (typeof text !== 'string') return binary(blob, mimeType);
  return { extension: extensionOf(mimeType, 'txt'), about: kindOf(mimeType, 'text'), content: text };
}

function binary(data: JsonValue | undefined, mimeType: JsonValue | undefined): ResultFile | undefined {
  if (typeof data !== 'string') return undefined;
  // Accepts both Base64 alphabets and skips other characters. `atob` would throw, and no part would be saved.
  const content = Uint8Array.from(Buffer.from(data, 'base64'));
  return { extension: extensionOf(mimeType, 'bin'), about: kindOf(mimeType, 'bytes'), content };
}

function dataFile(value: JsonValue): ResultFile {
  return { extension: 'json', about: 'data', content: `${JSON.stringify(value, null, 2)}\n` };
}

function extensionOf(mimeType: JsonValue | undefined, otherwise: string): string {
  return EXTENSIONS.get(String(mimeType).split(';')[0]?.trim().toLowerCase() ?? '') ?? otherwise;
}

function kindOf(mimeType: JsonValue | undefined, otherwise: string): string {
  return /^[\w.+-]+\/[\w.+-]+$/.test(String(mimeType)) ? String(mimeType).slice(0, 60) : otherwise;
}

/** File size for people, such as `1.2 KB`. */
export function fileSize(bytes: number): string {
  return bytes < 1024 ? `${bytes} bytes` : `${Math.round(bytes / 102.4) / 10} KB`;
}
