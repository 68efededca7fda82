import { isJsonObject, type JsonValue } from '../../task/json.ts';

const MAX_REASON = 500;

/** Reason in a refusal's body, on one line; undefined if it has no readable one. */
export function reasonOfBody(text: string | undefined): string | undefined {
  if (text === undefined || text.trim() === '') return undefined;
  const body = parse(text);
  if (body === undefined) return /^\s*</.test(text) ? titleOf(text) : bounded(text);
  return reasonIn(body);
}

function parse(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}

/** Members that frameworks use: JSON-RPC, OAuth, RFC 9457, FastAPI. */
function reasonIn(body: JsonValue | undefined): string | undefined {
  if (typeof body === 'string') return bounded(body);
  if (Array.isArray(body)) {
    const all = body.flatMap((each) => reasonIn(each) ?? []);
    return all.length === 0 ? undefined : bounded(all.slice(0, 5).join('; '));
  }
  if (!isJsonObject(body)) return undefined;
  const { error, error_description: description, message, msg, detail, title, errors, reason } = body;
  if (isJsonObject(error)) return reasonIn(error);
  const [long] = [description, message, detail, msg, reason, errors].flatMap((each) => reasonIn(each) ?? []);
  const [short] = [error, title].flatMap((each) => reasonIn(each) ?? []);
  if (long === undefined || short === undefined || long.includes(short)) return long ?? short;
  return bounded(`${short}: ${long}`);
}

/** Title of an HTML page: proxies and gateways put their reason there. */
function titleOf(html: string): string | undefined {
  const title = /<title[^>]*>([^<]*)<\/title>/i.exec(html.slice(0, 10_000))?.[1] ?? '';
  return bounded(title.replace(/^\s*\d{3}\s*/, ''));
}

function bounded(text: string): string | undefined {
  const line = text.replace(/\s+/g, ' ').trim();
  if (line === '') return undefined;
  return line.length <= MAX_REASON ? line : `${line.slice(0, MAX_REASON)}…`;
}
