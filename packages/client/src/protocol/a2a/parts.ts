import { isJsonObject, type JsonObject, type JsonValue } from '../../task/json.ts';
import type { ContentBlock } from '../../task/tool-result.ts';
import { readText } from '../lenient.ts';

/** A part of a message or an artifact, of either generation of the protocol. */
type Part =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'data'; readonly data: JsonValue }
  | {
      readonly kind: 'link';
      readonly uri: string;
      readonly name?: string | undefined;
      readonly type?: string | undefined;
    }
  | {
      readonly kind: 'file';
      readonly bytes: string;
      readonly name?: string | undefined;
      readonly type?: string | undefined;
    };

/** 1.0: `{ text | data | url | raw }`; 0.3: the same under `kind`, files in `file`. */
function readPart(raw: JsonObject): Part | undefined {
  if (typeof raw.text === 'string') return { kind: 'text', text: raw.text };
  if (raw.data !== undefined && raw.data !== null) return { kind: 'data', data: raw.data };
  const file = isJsonObject(raw.file) ? raw.file : {};
  const name = readText(raw.filename ?? file.name);
  const type = readText(raw.mediaType ?? file.mediaType ?? file.mimeType);
  const uri = readText(raw.url ?? file.uri ?? file.fileWithUri);
  if (uri !== undefined && uri !== '') return { kind: 'link', uri, name, type };
  const bytes = readText(raw.raw ?? file.bytes ?? file.fileWithBytes);
  return bytes === undefined ? undefined : { kind: 'file', bytes, name, type };
}

/** The parts of a message or an artifact; the HTTP binding of 0.3 calls them content. */
export function partsOf(raw: JsonValue | undefined): readonly Part[] {
  if (!isJsonObject(raw)) return [];
  const parts = Array.isArray(raw.parts) ? raw.parts : raw.content;
  if (!Array.isArray(parts)) return [];
  return parts.flatMap((each: JsonValue) => (isJsonObject(each) ? (readPart(each) ?? []) : []));
}

/** The parts as text for people. */
export function displayText(parts: readonly Part[]): string | undefined {
  const texts = parts.map((part) => {
    if (part.kind === 'text') return part.text;
    if (part.kind === 'data') return JSON.stringify(part.data);
    return part.kind === 'link' ? part.uri : `[${part.name ?? 'file'}]`;
  });
  return texts.length === 0 ? undefined : texts.join('\n');
}

/** The content blocks of a tool result. `place` is the message or artifact of a file without a URL. */
export function contentOf(parts: readonly Part[], place: string, title?: string): readonly ContentBlock[] {
  return parts.map((part, at): ContentBlock => {
    if (part.kind === 'text') return { type: 'text', text: part.text };
    if (part.kind === 'data') return { type: 'text', text: JSON.stringify(part.data) };
    const type = part.type === undefined ? {} : { mimeType: part.type };
    if (part.kind === 'file')
      return { type: 'resource', resource: { uri: `${place}/${at}`, ...type, blob: part.bytes } };
    return { type: 'resource_link', uri: part.uri, name: part.name ?? title ?? part.uri, ...type };
  });
}

/** The structured data, if there is exactly one such part. */
export function dataOf(parts: readonly Part[]): JsonObject | undefined {
  const data = parts.flatMap((part) => (part.kind === 'data' ? [part.data] : []));
  const [only] = data;
  return data.length === 1 && isJsonObject(only) ? only : undefined;
}

/** The input of a person or a program as message parts: text, data and a file. */
export function writeParts({ text, data, file, ...rest }: JsonObject): readonly JsonObject[] {
  const textParts = text === undefined ? [] : [{ text: typeof text === 'string' ? text : JSON.stringify(text) }];
  const isFile = isJsonObject(file) && typeof file.path === 'string' && typeof file.sha256 === 'string';
  const unknown = file === undefined || isFile ? rest : { ...rest, file };
  const others = Object.keys(unknown).length === 0 ? [] : [{ data: unknown }];
  return [
    ...textParts,
    ...(data === undefined ? [] : [{ data }]),
    ...(isFile ? [{ [LOCAL_FILE]: file }] : []),
    ...others,
  ];
}

/**
 * Replaces the content of a part: the path and the SHA-256 of a local file. The connection reads it when it sends the
 * message, so that a record holds no file content.
 */
export const LOCAL_FILE = 'mcp-tasks/file';
