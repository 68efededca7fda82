import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse, request as send } from 'node:http';
import { onTestFinished } from 'vitest';
import { serveDemoHttp } from '../../packages/cli/src/demo/index.ts';

/** A demo server that requires tokens, and its authorization server, on one port over real HTTP. */
export interface GuardedDemo {
  readonly url: string;
  /** Number of accepted requests, by JSON-RPC method. */
  count(method: string): number;
  /** Number of granted token requests, by grant type. */
  granted(grant: string): number;
  /** Number of reused refresh tokens: a real server would treat a reuse as theft. */
  readonly reused: number;
  readonly registered: readonly { readonly redirect_uris?: readonly string[] }[];
  /** Expires all issued access tokens, also for open streams. */
  expire(): void;
  /** Revokes all issued tokens, including refresh tokens. */
  revoke(): void;
  /** The token endpoint answers 503 this many times. */
  failTokens(times: number): void;
  /** Every secret ever issued, to search for leaks. */
  readonly secrets: readonly string[];
}

export interface GuardOptions {
  readonly speed?: number;
  readonly revision?: '2026-07-28' | '2025-11-25';
  /** Issues refresh tokens; without them every expiry needs a sign-in. @default true */
  readonly refreshes?: boolean;
  /** The person declines on the sign-in page. @default false */
  readonly refuses?: boolean;
  /** A registered client with a secret; with a redirect URI, people sign in with it too. */
  readonly client?: { readonly id: string; readonly secret: string; readonly redirect?: string };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

export async function serveGuardedDemo(options: GuardOptions = {}): Promise<GuardedDemo> {
  const { speed = 0.1, revision, refreshes = true } = options;
  const demo = await serveDemoHttp({ speed, ...(revision === undefined ? {} : { revision }) });
  const codes = new Map<string, { readonly challenge: string; readonly redirect: string }>();
  const registered = new Map<string, { readonly redirect_uris?: readonly string[] }>();
  const methods: string[] = [];
  const grants: string[] = [];
  const secrets: string[] = [];
  const access = new Set<string>();
  const open = new Set<ServerResponse>();
  const refresh = new Set<string>();
  const spent = new Set<string>();
  let failing = 0;
  let reused = 0;

  function json(response: ServerResponse, status: number, body: object): void {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }

  function grant(response: ServerResponse, kind: string): void {
    grants.push(kind);
    const token = { access: `access-${randomUUID()}`, refresh: `refresh-${randomUUID()}` };
    access.add(token.access);
    secrets.push(token.access);
    const isRenewable = refreshes && kind !== 'client_credentials';
    if (isRenewable) {
      refresh.add(token.refresh);
      secrets.push(token.refresh);
    }
    const answer = { access_token: token.access, token_type: 'Bearer', expires_in: 3600 };
    json(response, 200, isRenewable ? { ...answer, refresh_token: token.refresh } : answer);
  }

  function exchange(request: IncomingMessage, form: URLSearchParams, response: ServerResponse) {
    if (failing > 0) {
      failing -= 1;
      return json(response, 503, { error: 'temporarily_unavailable' });
    }
    const kind = form.get('grant_type') ?? '';
    const { id, secret } = options.client ?? { id: '', secret: '' };
    const isGiven = request.headers.authorization === `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;
    if (kind === 'client_credentials') {
      return isGiven ? grant(response, kind) : json(response, 401, { error: 'invalid_client' });
    }
    const isRegistered = registered.has(form.get('client_id') ?? '');
    if (!isGiven && !isRegistered) return json(response, 401, { error: 'invalid_client' });
    if (kind === 'refresh_token') {
      const token = form.get('refresh_token') ?? '';
      if (spent.has(token)) reused += 1;
      if (!refresh.delete(token)) return json(response, 400, { error: 'invalid_grant', error_description: 'Gone' });
      spent.add(token);
      return grant(response, kind);
    }
    const code = codes.get(form.get('code') ?? '');
    codes.delete(form.get('code') ?? '');
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    const isRight = code?.challenge === challenge && code.redirect === form.get('redirect_uri');
    return isRight ? grant(response, kind) : json(response, 400, { error: 'invalid_grant' });
  }

  function authorize(at: URL, response: ServerResponse): void {
    const { client_id = '', redirect_uri = '', state = '', code_challenge = '' } = Object.fromEntries(at.searchParams);
    const { id, redirect } = options.client ?? {};
    const isGiven = client_id === id && redirect_uri === redirect;
    if (!isGiven && registered.get(client_id)?.redirect_uris?.includes(redirect_uri) !== true) {
      response.writeHead(400).end('Unknown client or redirect');
      return;
    }
    const back = new URL(redirect_uri);
    back.searchParams.set('state', state);
    if (options.refuses === true) back.searchParams.set('error', 'access_denied');
    else {
      const code = randomUUID();
      codes.set(code, { challenge: code_challenge, redirect: redirect_uri });
      back.searchParams.set('code', code);
    }
    response.writeHead(302, { location: back.href }).end();
  }

  /** Forwards a request with a valid token to the demo unchanged. */
  async function guard(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const text = await bodyOf(request);
    const token = /^Bearer (.*)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
    if (!access.has(token)) {
      const metadata = `${origin}/.well-known/oauth-protected-resource/mcp`;
      response.writeHead(401, { 'www-authenticate': `Bearer resource_metadata="${metadata}"` }).end();
      return;
    }
    if (text !== '') methods.push(String((JSON.parse(text) as { method?: unknown }).method ?? ''));
    const { authorization: _token, host: _host, ...headers } = request.headers;
    const onward = send(demo.url, { method: request.method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    open.add(response);
    response.on('close', () => {
      open.delete(response);
      onward.destroy();
    });
    onward.on('error', () => response.destroy());
    onward.end(text);
  }

  function expire(): void {
    access.clear();
    for (const response of open) response.destroy();
  }

  const server = createServer({ keepAliveTimeout: 120_000 }, async (request, response) => {
    const at = new URL(request.url ?? '/', origin);
    switch (at.pathname) {
      case '/mcp':
        return guard(request, response);
      case '/.well-known/oauth-protected-resource/mcp':
        return json(response, 200, { resource: `${origin}/mcp`, authorization_servers: [origin] });
      case '/.well-known/oauth-authorization-server':
        return json(response, 200, {
          issuer: origin,
          authorization_endpoint: `${origin}/authorize`,
          token_endpoint: `${origin}/token`,
          registration_endpoint: `${origin}/register`,
          response_types_supported: ['code'],
          grant_types_supported: ['authorization_code', 'refresh_token', 'client_credentials'],
          code_challenge_methods_supported: ['S256'],
          token_endpoint_auth_methods_supported: ['none', 'client_secret_basic'],
        });
      case '/register': {
        const metadata = JSON.parse(await bodyOf(request)) as { redirect_uris?: readonly string[] };
        const id = `client-${randomUUID()}`;
        registered.set(id, metadata);
        return json(response, 201, { ...metadata, client_id: id });
      }
      case '/authorize':
        return authorize(at, response);
      case '/token':
        return exchange(request, new URLSearchParams(await bodyOf(request)), response);
      default:
        response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const origin = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await demo.stop();
  });

  return {
    url: `${origin}/mcp`,
    count: (method) => methods.filter((each) => each === method).length,
    granted: (kind) => grants.filter((each) => each === kind).length,
    get reused() {
      return reused;
    },
    get registered() {
      return [...registered.values()];
    },
    expire,
    revoke() {
      expire();
      refresh.clear();
    },
    failTokens(times) {
      failing = times;
    },
    secrets,
  };
}

/** Follows the sign-in URL as a browser does. */
export async function visit(url: string): Promise<number> {
  const first = await fetch(url, { redirect: 'manual' });
  const location = first.headers.get('location');
  if (location === null) throw new Error(`No redirect: ${first.status} ${await first.text()}`);
  return (await fetch(location)).status;
}
