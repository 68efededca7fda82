import { isJsonObject, type JsonValue, type ProtocolError } from '@mcp-tasks/client';
import { safeText } from './safe-text.ts';

const MAX_DATA = 1_000;

/** `-32603: the disk is full`; without the code if the error has none. */
export function errorText({ code, message }: Pick<ProtocolError, 'code' | 'message'>): string {
  return code === null ? message : `${code}: ${message}`;
}

/** Lines for the data of an error: URLs to open, or else the JSON, cut to a screenful. */
export function errorDetails(data: JsonValue | undefined): readonly string[] {
  if (data === undefined || data === null) return [];
  const urls = urlsIn(data);
  if (urls.length > 0) return urls.map((url) => `Open ${safeText(url, { maxLength: 2_000 })}`);
  const text = typeof data === 'string' ? data : JSON.stringify(data);
  return [`data: ${safeText(text, { maxLength: MAX_DATA })}`];
}

/** URLs of elicitations required before the call. Specification: client/elicitation, "URL Elicitation Required". */
function urlsIn(data: JsonValue): readonly string[] {
  const asked = isJsonObject(data) && Array.isArray(data.elicitations) ? data.elicitations : [];
  return asked.flatMap((each) => {
    if (!isJsonObject(each) || typeof each.url !== 'string') return [];
    return [typeof each.message === 'string' ? `${each.url} (${each.message})` : each.url];
  });
}
