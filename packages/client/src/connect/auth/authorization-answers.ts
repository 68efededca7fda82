import { isJsonObject, type JsonObject } from '../../task/json.ts';
import { ConnectionFailure } from '../connection.ts';
import { peekJson } from './peek-json.ts';

/** Kind of a request to an authorization server. */
type RequestKind = 'metadata' | 'tokens' | 'renewed tokens' | 'registration';

const NAMES: Readonly<Record<RequestKind, string>> = {
  metadata: 'the request for its metadata',
  tokens: 'the request for tokens',
  'renewed tokens': 'the request for renewed tokens',
  registration: 'the registration',
};

const METADATA_PATH = /\/\.well-known\/(oauth-authorization-server|openid-configuration)/;
const RESOURCE_PATH = /\/\.well-known\/oauth-protected-resource/;
/** Error codes of servers for a spent refresh token, beside `invalid_grant` (RFC 6749, 5.2). */
const SPENT = new Set<unknown>(['invalid_request', 'invalid_token', 'expired_token', 'token_expired']);

/**
 * Reads responses of authorization servers before the SDK. Repairs harmless deviations: optional fields that are null
 * or empty, an issuer with a trailing slash, another error code for a spent refresh token. An unusable response becomes
 * an error of the authorization server, which is not the task server.
 */
export function readAuthorizationAnswers(
  send: typeof fetch,
  onIssuer: (served: string, plain: string) => void = () => undefined,
): typeof fetch {
  return async (input, init) => {
    const response = await send(input, init);
    const url = new URL(input instanceof Request ? input.url : String(input));
    if (RESOURCE_PATH.test(url.pathname)) return response.ok ? withoutEmptyFields(response) : response;
    const kind = kindOf(url, init);
    if (kind === undefined) return response;
    if (!response.ok) return kind === 'renewed tokens' ? withKnownError(response) : response;
    const body: unknown = await peekJson(response);
    if (!isJsonObject(body)) throw invalidAnswer(url, kind, `is ${typeOf(response)}, not JSON`);
    const problem = problemIn(body, kind);
    if (problem !== undefined) throw invalidAnswer(url, kind, problem);
    if (kind !== 'metadata') return response;
    const issuer = withoutLastSlash(String(body.issuer));
    onIssuer(String(body.issuer), issuer);
    return answer(response, { ...presentFields(body), issuer });
  };
}

function kindOf({ pathname }: URL, init: RequestInit | undefined): RequestKind | undefined {
  if (METADATA_PATH.test(pathname)) return 'metadata';
  const { body } = init ?? {};
  if (body instanceof URLSearchParams && body.has('grant_type')) {
    return body.get('grant_type') === 'refresh_token' ? 'renewed tokens' : 'tokens';
  }
  return typeof body === 'string' && body.includes('"redirect_uris"') && !body.includes('"jsonrpc"')
    ? 'registration'
    : undefined;
}

const REQUIRED: Readonly<Record<RequestKind, readonly string[]>> = {
  metadata: ['issuer', 'authorization_endpoint', 'token_endpoint', 'response_types_supported'],
  tokens: ['access_token', 'token_type'],
  'renewed tokens': ['access_token', 'token_type'],
  registration: ['client_id'],
};
/** Optional fields of a token response, with their types (RFC 6749, 5.1). */
const TOKEN_FIELDS = { scope: 'string', refresh_token: 'string', expires_in: 'number' } as const;

function problemIn(body: JsonObject, kind: RequestKind): string | undefined {
  if (typeof body.error === 'string') return undefined; // the SDK reports this error
  const missing = REQUIRED[kind].filter((field) => isEmpty(body[field]));
  if (missing.length > 0) return `has no ${missing.join(', no ')}`;
  if (kind !== 'tokens' && kind !== 'renewed tokens') return undefined;
  const wrong = Object.entries(TOKEN_FIELDS).find(([field, type]) => {
    const value = body[field];
    const isNumeric =
      type === 'number' && typeof value === 'string' && value.trim() !== '' && !Number.isNaN(Number(value));
    return Object.hasOwn(body, field) && typeof value !== type && !isNumeric;
  });
  return wrong === undefined ? undefined : `has ${JSON.stringify(body[wrong[0]])} as its ${wrong[0]}`;
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

function invalidAnswer(url: URL, kind: RequestKind, problem: string): ConnectionFailure {
  const place = kind === 'metadata' ? url.href : url.origin;
  const what = kind === 'metadata' ? 'Its metadata' : `Its response to ${NAMES[kind]}`;
  const message = `the authorization server ${place} sent an invalid response. ${what} ${problem}`;
  return new ConnectionFailure({ kind: 'auth', message });
}

function typeOf(response: Response): string {
  const type = response.headers.get('content-type')?.split(';')[0];
  return type === undefined || type === '' ? 'of no content type' : type;
}

/** An issuer with a trailing slash is the same issuer; the SDK compares literally (RFC 8414, 3.3). */
function withoutLastSlash(issuer: string): string {
  return issuer.replace(/\/$/, '');
}

function presentFields(body: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(body).filter(([, value]) => !isEmpty(value)));
}

async function withoutEmptyFields(response: Response): Promise<Response> {
  const body: unknown = await peekJson(response);
  return isJsonObject(body) ? answer(response, presentFields(body)) : response;
}

/** Maps a spent refresh token to `invalid_grant`, which starts a new sign-in. */
async function withKnownError(response: Response): Promise<Response> {
  if (response.status >= 500 || response.status === 429) return response;
  const body: unknown = await peekJson(response);
  if (!isJsonObject(body) || !SPENT.has(body.error)) return response;
  return answer(response, { ...body, error: 'invalid_grant' });
}

function answer({ status, headers }: Response, body: JsonObject): Response {
  const kept = new Headers(headers);
  for (const name of ['content-length', 'content-encoding']) kept.delete(name);
  return new Response(JSON.stringify(body), { status, headers: kept });
}
