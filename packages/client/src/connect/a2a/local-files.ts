import { LOCAL_FILE } from '../../protocol/a2a/parts.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../task/json.ts';
import { ConnectionFailure } from '../connection.ts';

const TYPES: ReadonlyMap<string, string> = new Map([
  ['csv', 'text/csv'],
  ['gif', 'image/gif'],
  ['html', 'text/html'],
  ['jpeg', 'image/jpeg'],
  ['jpg', 'image/jpeg'],
  ['json', 'application/json'],
  ['md', 'text/markdown'],
  ['mp3', 'audio/mpeg'],
  ['mp4', 'video/mp4'],
  ['pdf', 'application/pdf'],
  ['png', 'image/png'],
  ['svg', 'image/svg+xml'],
  ['txt', 'text/plain'],
  ['wav', 'audio/wav'],
  ['webp', 'image/webp'],
  ['xml', 'application/xml'],
  ['zip', 'application/zip'],
]);

/** Adds the content of the files that a message names. @throws {ConnectionFailure} for an unreadable or changed file */
export async function withFiles(params: JsonObject): Promise<JsonObject> {
  const { message } = params;
  if (!isJsonObject(message) || !Array.isArray(message.parts) || !message.parts.some(isNamed)) return params;
  const parts = await Promise.all(message.parts.map((part) => (isNamed(part) ? read(part) : part)));
  return { ...params, message: { ...message, parts } };
}

function isNamed(part: JsonValue): part is JsonObject {
  return isJsonObject(part) && isJsonObject(part[LOCAL_FILE]);
}

async function read(part: JsonObject): Promise<JsonObject> {
  const { path, sha256 } = part[LOCAL_FILE] as { readonly path: string; readonly sha256: string };
  const [{ readFile }, { createHash }] = await Promise.all([import('node:fs/promises'), import('node:crypto')]);
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw refusal(`The file ${path} cannot be read (${error.code ?? error.message}); nothing was sent`);
  });
  if (createHash('sha256').update(bytes).digest('hex') !== sha256) {
    throw refusal(`The file ${path} has changed since it was named; nothing was sent`);
  }
  const filename = path.split(/[\\/]/).at(-1) ?? path;
  const mediaType = TYPES.get(/\.(\w+)$/.exec(filename)?.[1]?.toLowerCase() ?? '') ?? 'application/octet-stream';
  return { raw: bytes.toString('base64'), filename, mediaType };
}

/** Reported as an invalid request (-32602): a retry would not help. */
function refusal(message: string): ConnectionFailure {
  return new ConnectionFailure({ kind: 'rpc', code: -32602, message });
}
