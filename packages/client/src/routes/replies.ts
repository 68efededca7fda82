import { TaskError, type TaskErrorCode } from '../errors.ts';
import type { JsonObject, JsonValue } from '../task/json.ts';

const HEADERS = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };

export function reply(body: object, status = 200): Response {
  return Response.json(body, { status, headers: HEADERS });
}

export function streamReply(body: ReadableStream<Uint8Array>): Response {
  // Turns off buffering in proxies such as nginx.
  const headers = { ...HEADERS, 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' };
  return new Response(body, { headers });
}

export function empty(status: 204): Response {
  return new Response(null, { status, headers: HEADERS });
}

/** A refused request, before any task was accessed. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** Statuses of errors that a caller can act on. Others are a bare 500, since their text may contain local paths. */
const STATUS_OF: Partial<Record<TaskErrorCode, number>> = {
  'not-found': 404,
  'already-settled': 409,
  'question-changed': 409,
  'question-not-open': 409,
  unsupported: 409,
  'answer-invalid': 422,
  'auth-required': 502,
  'connection-lost': 503,
  unreachable: 503,
  aborted: 503,
  closed: 503,
};

/** `{ error: { code, message, hint?, problems? } }`, with the status of its code. */
export function replyOf(error: unknown): Response {
  if (error instanceof Refusal) return reply({ error: { code: error.code, message: error.message } }, error.status);
  if (!TaskError.is(error)) return bare('internal');
  const status = STATUS_OF[error.code];
  if (status === undefined) return bare(error.code);
  return reply({ error: fieldsOf(error) }, status);
}

/** Codes of an answer or a cancel that is saved, and sent once the server can be reached. */
const SENT_LATER: ReadonlySet<TaskErrorCode> = new Set(['connection-lost', 'unreachable', 'aborted']);

/** Reply for an answer or a cancel that failed: `{ saved: true, error }` with status 202 if it is sent later. */
export function replyOfUnsent(error: unknown): Response {
  if (!TaskError.is(error) || !SENT_LATER.has(error.code)) return replyOf(error);
  return reply({ saved: true, error: fieldsOf(error) }, 202);
}

function fieldsOf(error: TaskError): object {
  const { name, ...fields } = error.toJSON();
  return fields;
}

function bare(code: string): Response {
  return reply({ error: { code, message: 'The host reported an error' } }, 500);
}

/** Limit of a request body, in bytes. */
const MAX_BODY = 1024 * 1024;

/**
 * Reads a JSON body. Requires its content type, which pages of other origins cannot send without a preflight.
 * @throws {Refusal}
 */
export async function readBody(request: Request): Promise<JsonObject> {
  const type = request.headers.get('content-type') ?? '';
  if (!/^application\/json\b/i.test(type)) throw new Refusal(415, 'not-json', 'Send content-type: application/json');
  const text = await readText(request);
  const body = parse(text);
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as JsonObject;
  throw new Refusal(400, 'not-json', 'The body is not a JSON object');
}

function parse(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function readText({ body }: Request): Promise<string> {
  if (body === null) return '';
  const decoder = new TextDecoder();
  let text = '';
  let size = 0;
  for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > MAX_BODY) throw new Refusal(413, 'too-large', `The body is larger than ${MAX_BODY} bytes`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
