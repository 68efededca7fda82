import type { IncomingMessage, ServerResponse } from 'node:http';
import type { JsonObject } from '@mcp-tasks/client';
import { mcp20260728 } from '@mcp-tasks/client/serve';
import type { ServerNotification } from '@modelcontextprotocol/sdk/types.js';
import { createMcpHandler, isLegacyRequest, type McpHttpHandler } from '@modelcontextprotocol/server';
import { createGuard, MAX_BODY_BYTES } from '../mcp-server/guard.ts';
import { createHttpServer } from '../mcp-server/http-server.ts';
import { checkParamHeaders } from '../mcp-server/param-headers.ts';
import { pathOf } from '../mcp-server/path-of.ts';
import { serveFetch } from '../mcp-server/serve-fetch.ts';
import { createSessions, type SessionStore } from '../mcp-server/sessions.ts';
import { createStreamSubscriptions } from '../mcp-server/stream-subscriptions.ts';
import type { Notify } from './front.ts';
import { createServer20251125 } from './front-2025-11-25.ts';
import { createServer20260728 } from './front-2026-07-28.ts';
import type { OpenBridge } from './open-bridge.ts';

/** Loopback only: a bridge acts with its person's permissions. */
const HOST = '127.0.0.1';

export interface HttpFrontOptions {
  readonly port: number;
  /** Bearer token that every request must carry. */
  readonly token: string;
  readonly sessions: SessionStore;
}

/** A bridge served over Streamable HTTP. */
export interface HttpFront {
  readonly port: number;
  readonly url: string;
  readonly notify: Notify;
  stop(): Promise<void>;
}

/** Serves any number of hosts in their revisions; on 2025-11-25 each has a session. @throws the error of `listen` */
export async function serveBridgeHttp(bridge: OpenBridge, options: HttpFrontOptions): Promise<HttpFront> {
  const guard = createGuard({ realm: 'mcp-tasks bridge', token: options.token });
  // Requests of 2026-07-28 have no session: all hosts share one front.
  const shared = bridge.frontFor();
  const modern = createMcpHandler(() => createServer20260728(shared), {
    legacy: 'reject',
    maxRequestBodySize: MAX_BODY_BYTES,
  });
  const subscriptions = createStreamSubscriptions(
    (listen, send) => mcp20260728.openSubscription(listen, shared.tasks, send),
    modern.fetch,
  );
  const sessions = createSessions({
    stored: options.sessions,
    serverFor: () => ({ server: createServer20251125(bridge.frontFor()), release: () => undefined }),
    // A result for a host that has disconnected must not count as delivered.
    endWithConnection: ['tools/call', 'tasks/result'],
  });

  async function route(request: Request): Promise<Response> {
    const isLegacy = await isLegacyRequest(request, undefined, { maxRequestBodySize: MAX_BODY_BYTES });
    if (isLegacy) return sessions.fetch(request);
    const refusal = await checkParamHeaders(request, bridge.inputSchemaOf);
    return refusal ?? asNotFound(request, await subscriptions.fetch(request));
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!guard(request, response)) return;
    if (pathOf(request) === '/mcp') {
      await serveFetch(route, request, response);
      return;
    }
    response.writeHead(404, { 'content-type': 'text/plain' });
    response.end('The bridge is at /mcp\n');
  }

  const server = createHttpServer(handle);
  const { port } = await server.listen(options.port, HOST);
  return {
    port,
    url: `http://${HOST}:${port}/mcp`,
    notify(method, params) {
      for (const each of sessions.servers()) {
        void each.notification({ method, params } as ServerNotification).catch(() => undefined);
      }
      publish(modern, method, params);
    },
    async stop() {
      subscriptions.close();
      await Promise.all([modern.close(), sessions.close()]);
      await server.stop();
    },
  };
}

/** Notifies the subscriptions of 2026-07-28 that include this method. */
function publish({ notify }: McpHttpHandler, method: string, params: JsonObject): void {
  switch (method) {
    case 'notifications/tools/list_changed':
      notify.toolsChanged();
      break;
    case 'notifications/prompts/list_changed':
      notify.promptsChanged();
      break;
    case 'notifications/resources/list_changed':
      notify.resourcesChanged();
      break;
    case 'notifications/resources/updated':
      if (typeof params.uri === 'string') notify.resourceUpdated(params.uri);
  }
}

/** Methods that always exist: their large results need no check. */
const ALWAYS_FOUND = /^(tools|tasks|server|subscriptions)\/|^resources\/read$/;

/** Turns "method not found" of the bridged server into 404, as the SDK does for methods that it does not know. */
async function asNotFound(request: Request, answer: Response): Promise<Response> {
  const isJson = answer.headers.get('content-type')?.startsWith('application/json') === true;
  if (!isJson || answer.status !== 200 || ALWAYS_FOUND.test(request.headers.get('mcp-method') ?? '')) return answer;
  const text = await answer.text();
  const { error } = JSON.parse(text) as { readonly error?: { readonly code?: unknown } };
  return new Response(text, { status: error?.code === -32601 ? 404 : 200, headers: answer.headers });
}
