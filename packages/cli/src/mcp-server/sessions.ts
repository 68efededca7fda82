import { randomUUID } from 'node:crypto';
import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { isInitializeRequest } from '@modelcontextprotocol/sdk/types.js';
import { CLIENT_LEFT } from './client-left.ts';
import { MAX_BODY_BYTES } from './guard.ts';

/** Limit of sessions in memory; others are restored from the store by their next request. */
const MAX_LOADED = 256;

const METHODS: readonly string[] = ['GET', 'POST', 'DELETE'];
const UNREADABLE = Symbol('unreadable');

interface Session {
  readonly server: Server;
  readonly transport: WebStandardStreamableHTTPServerTransport;
}

/** The saved `initialize` request of each session, so that a later process can restore it. */
export interface SessionStore {
  readonly add: (id: string, initialize: unknown) => void;
  /** The `initialize` request of this session, as JSON. */
  readonly find: (id: string) => string | undefined;
  readonly touch: (id: string) => void;
  readonly remove: (id: string) => void;
}

/** The server of one session. */
export interface SessionServer {
  readonly server: Server;
  /** Called when the session leaves memory or is closed. */
  readonly release: () => void;
}

export interface SessionOptions {
  readonly stored: SessionStore;
  readonly serverFor: (id: string) => SessionServer;
  /** Methods cancelled when their client disconnects, since no client would receive the result. */
  readonly endWithConnection: readonly string[];
}

export interface Sessions {
  readonly fetch: (request: Request) => Promise<Response>;
  /** Servers of the sessions in memory. */
  readonly servers: () => readonly Server[];
  readonly close: () => Promise<void>;
}

/** Sessions of 2025-11-25 over Streamable HTTP, saved in the store so that they outlive the process. */
export function createSessions({ stored, serverFor, endWithConnection }: SessionOptions): Sessions {
  const loaded = new Map<string, Session>();

  async function open(id: string): Promise<Session> {
    const { server, release } = serverFor(id);
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: () => id,
      maxRequestBodySize: MAX_BODY_BYTES,
      onsessionclosed: () => stored.remove(id),
    });
    await server.connect(transport as Transport);
    server.onclose = () => {
      release();
      loaded.delete(id);
    };
    const session = { server, transport };
    loaded.set(id, session);
    const [oldest] = loaded;
    if (loaded.size > MAX_LOADED && oldest !== undefined) await oldest[1].server.close();
    return session;
  }

  /** Restores a session of an earlier process by replaying its `initialize` request. */
  async function restore(id: string): Promise<Session | undefined> {
    const session = loaded.get(id);
    if (session !== undefined) return session;
    const initialize = stored.find(id);
    if (initialize === undefined) return undefined;
    const restored = await open(id);
    const reply = await restored.transport.handleRequest(post(initialize));
    await reply.body?.cancel();
    return restored;
  }

  return {
    async fetch(request) {
      const id = request.headers.get('mcp-session-id');
      if (!METHODS.includes(request.method))
        return refuse(405, -32000, 'Method not allowed', { headers: { allow: METHODS.join(', ') } });
      const body = request.method === 'POST' ? await request.json().catch(() => UNREADABLE) : undefined;
      if (body === UNREADABLE) return refuse(400, -32700, 'Parse error: the body is no JSON');
      if (id === null) {
        if (!isInitializeRequest(body)) return refuseToOpen(body);
        const fresh = randomUUID();
        const { transport } = await open(fresh);
        const response = await transport.handleRequest(request, { parsedBody: body });
        if (response.ok) stored.add(fresh, body);
        else await transport.close();
        return response;
      }
      const session = await restore(id);
      if (session === undefined) return refuse(404, -32001, 'Session not found');
      loaded.delete(id);
      loaded.set(id, session); // moves it to the end: the map is ordered by last use
      stored.touch(id);
      const { method, id: requestId } = (body ?? {}) as { readonly method?: unknown; readonly id?: string | number };
      if (requestId !== undefined && endWithConnection.includes(String(method))) endWith(request, requestId, session);
      return session.transport.handleRequest(request, body === undefined ? undefined : { parsedBody: body });
    },
    servers: () => [...loaded.values()].map(({ server }) => server),
    async close() {
      await Promise.all([...loaded.values()].map(({ server }) => server.close()));
    },
  };
}

/** Cancels the request when its connection ends, since the next client may use the same request id. */
function endWith(request: Request, id: string | number, { transport }: Session): void {
  const params = { requestId: id, reason: CLIENT_LEFT };
  request.signal.addEventListener(
    'abort',
    () => transport.onmessage?.({ jsonrpc: '2.0', method: 'notifications/cancelled', params }),
    { once: true },
  );
}

function post(body: string): Request {
  return new Request('http://localhost/mcp', {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
    body,
  });
}

/** Refuses a request without a session that is no valid `initialize`. */
function refuseToOpen(body: unknown): Response {
  const { id = null, method } = (body ?? {}) as { readonly id?: string | number | null; readonly method?: unknown };
  if (method !== 'initialize') return refuse(400, -32000, 'Bad Request: open a session with initialize first', { id });
  return refuse(400, -32602, 'initialize needs protocolVersion, capabilities and clientInfo', { id });
}

interface Refusal {
  readonly id?: string | number | null;
  readonly headers?: Record<string, string>;
}

function refuse(status: number, code: number, message: string, { id = null, headers = {} }: Refusal = {}): Response {
  return Response.json({ jsonrpc: '2.0', id, error: { code, message } }, { status, headers });
}
