import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createMcpHandler, isLegacyRequest } from '@modelcontextprotocol/server';
import { withChaos } from './chaos-http.ts';
import { createDemo, type Demo } from './demo.ts';
import { createGuard, isLoopback, MAX_BODY_BYTES } from './guard.ts';
import type { DemoOptions } from './options.ts';
import { PAGES_PATH, servePage } from './pages.ts';
import { createSessions } from './rev-2025-11-25/sessions.ts';
import { createTaskListener } from './rev-2026-07-28/listen-http.ts';
import { checkParamHeaders } from './rev-2026-07-28/param-headers.ts';
import { createServerFactory } from './rev-2026-07-28/server.ts';
import { serveFetch } from './serve-fetch.ts';
import { recall, remember } from './store.ts';

const LAST_WORDS_MS = 1000;
const KEEP_ALIVE_MS = 120_000;

export interface RunningDemo {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** Serves `http://127.0.0.1:N/mcp`, for loopback only unless a host is named. */
export async function serveDemoHttp(options: DemoOptions): Promise<RunningDemo> {
  const { host, token } = options;
  if (host !== undefined && !isLoopback(host) && token === undefined) {
    throw new Error(`Serving on ${host} lets others in, so it needs a token`);
  }
  let base = '';
  const demo = createDemo(options, () => `${base}${PAGES_PATH}`);
  const guard = createGuard({ host, token });
  const guardPages = createGuard({ host });
  const modern = createMcpHandler(createServerFactory(demo), { legacy: 'reject', maxRequestBodySize: MAX_BODY_BYTES });
  const listener = createTaskListener(demo, modern.fetch);
  const sessions = createSessions(demo);

  const route = withChaos(demo, async (request) => {
    const legacy =
      options.revision === undefined
        ? await isLegacyRequest(request, undefined, { maxRequestBodySize: MAX_BODY_BYTES })
        : options.revision === '2025-11-25';
    if (legacy) return sessions.fetch(request);
    return (await checkParamHeaders(demo, request)) ?? listener.fetch(request);
  });

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    if (pathname.startsWith(PAGES_PATH)) {
      if (guardPages(request, response)) servePage(demo, pathname, request, response);
      return;
    }
    if (!guard(request, response)) return;
    if (pathname !== '/mcp') {
      response.writeHead(404, { 'content-type': 'text/plain' });
      response.end('The demo is at /mcp\n');
      return;
    }
    await serveFetch(route, request, response);
  }

  const answering = new Set<Promise<void>>();
  // A client that a busy machine keeps waiting between two requests must not find its line closed at the second.
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
    const answer = handle(request, response)
      .catch(() => {
        if (!response.headersSent) response.writeHead(500);
        response.end();
      })
      .finally(() => answering.delete(answer));
    answering.add(answer);
  });
  const { port, address } = await listenWhereBefore(server, demo).catch((error: unknown) => {
    demo.db.close();
    throw error;
  });
  base = `http://${address.includes(':') ? `[${address}]` : address}:${port}`;
  demo.engine.start();
  return {
    url: `${base}/mcp`,
    async stop() {
      listener.close();
      await Promise.all([modern.close(), sessions.close()]);
      demo.engine.stop();
      const closed = new Promise((resolve) => server.close(resolve));
      // What ended just now still has to reach its client.
      await Promise.race([Promise.all(answering), sleep(LAST_WORDS_MS, undefined, { ref: false })]);
      server.closeAllConnections();
      await closed;
      demo.db.close();
    },
  };
}

/** Without a port by name it is that of last time on this store, since clients and open questions know the address. */
async function listenWhereBefore(server: Server, { options, db }: Demo): Promise<AddressInfo> {
  const { host = '127.0.0.1', port } = options;
  const before = Number(recall(db, 'http-port') ?? 0);
  const taken = (error: unknown) => {
    if (port !== undefined || before === 0) throw error;
    return undefined;
  };
  const again = await listen(server, port ?? before, host).catch(taken);
  if (again === undefined) return listen(server, 0, host);
  remember(db, 'http-port', String(again.port));
  return again;
}

function listen(server: Server, port: number, host: string): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve(server.address() as AddressInfo);
    });
  });
}
