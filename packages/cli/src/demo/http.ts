import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createMcpHandler, isLegacyRequest } from '@modelcontextprotocol/server';
import { createGuard, isLoopback, MAX_BODY_BYTES } from '../mcp-server/guard.ts';
import { createHttpServer, type HttpServer } from '../mcp-server/http-server.ts';
import { checkParamHeaders } from '../mcp-server/param-headers.ts';
import { pathOf } from '../mcp-server/path-of.ts';
import { serveFetch } from '../mcp-server/serve-fetch.ts';
import { createSessions } from '../mcp-server/sessions.ts';
import { createStreamSubscriptions } from '../mcp-server/stream-subscriptions.ts';
import { withChaos } from './chaos-http.ts';
import { createDemo, type Demo, REALM } from './demo.ts';
import { readValue, saveValue } from './journal.ts';
import type { DemoOptions } from './options.ts';
import { PAGES_PATH, servePage } from './pages.ts';
import { createTaskServer, notifyStatus } from './rev-2025-11-25/server.ts';
import { createSessionStore } from './rev-2025-11-25/session-store.ts';
import { createServerFactory } from './rev-2026-07-28/server.ts';
import { subscriptionsOf } from './rev-2026-07-28/subscriptions.ts';

export interface RunningDemo {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** Serves `http://127.0.0.1:N/mcp`. Binds to loopback unless a host is named; another host needs a token. */
export async function serveDemoHttp(options: DemoOptions): Promise<RunningDemo> {
  const { host, token } = options;
  if (host !== undefined && !isLoopback(host) && token === undefined) {
    throw new Error(`Serving on ${host} lets other machines in, so it needs a token`);
  }
  let base = '';
  const demo = await createDemo(options, () => `${base}${PAGES_PATH}`);
  const guard = createGuard({ realm: REALM, host, token });
  const guardPages = createGuard({ realm: REALM, host });
  const modern = createMcpHandler(createServerFactory(demo), { legacy: 'reject', maxRequestBodySize: MAX_BODY_BYTES });
  const subscriptions = createStreamSubscriptions(subscriptionsOf(demo), modern.fetch);
  const sessions = createSessions({
    stored: createSessionStore(demo.db),
    serverFor(id) {
      const server = createTaskServer(demo, id);
      return { server, release: notifyStatus(demo, server, id) };
    },
    endWithConnection: ['tasks/result'],
  });

  const route = withChaos(demo, async (request) => {
    const legacy =
      options.revision === undefined
        ? await isLegacyRequest(request, undefined, { maxRequestBodySize: MAX_BODY_BYTES })
        : options.revision === '2025-11-25';
    if (legacy) return sessions.fetch(request);
    return (
      (await checkParamHeaders(request, (tool) => demo.tools.get(tool)?.inputSchema)) ?? subscriptions.fetch(request)
    );
  });

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = pathOf(request);
    if (path?.startsWith(PAGES_PATH) === true) {
      if (guardPages(request, response)) await servePage(demo, path, request, response);
      return;
    }
    if (!guard(request, response)) return;
    if (path !== '/mcp') {
      response.writeHead(404, { 'content-type': 'text/plain' });
      response.end('The demo is at /mcp\n');
      return;
    }
    await serveFetch(route, request, response);
  }

  const server = createHttpServer(handle);
  const { port, address } = await listenOnLastPort(server, demo).catch(async (error: unknown) => {
    await demo.stop();
    throw error;
  });
  base = `http://${address.includes(':') ? `[${address}]` : address}:${port}`;
  return {
    url: `${base}/mcp`,
    async stop() {
      subscriptions.close();
      await Promise.all([modern.close(), sessions.close()]);
      await server.stop();
      await demo.stop();
    },
  };
}

/** Without `--port`, reuses the last port of this store: clients and open questions hold the address. */
async function listenOnLastPort(server: HttpServer, { options, db }: Demo): Promise<AddressInfo> {
  const { host = '127.0.0.1', port } = options;
  const before = Number(readValue(db, 'http-port') ?? 0);
  const onListenError = (error: unknown) => {
    if (port !== undefined || before === 0) throw error;
    return undefined;
  };
  const again = await server.listen(port ?? before, host).catch(onListenError);
  if (again === undefined) return server.listen(0, host);
  saveValue(db, 'http-port', String(again.port));
  return again;
}
