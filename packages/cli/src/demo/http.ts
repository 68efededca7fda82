import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type NodeIncomingMessageLike, toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler } from '@modelcontextprotocol/server';
import { createDemo } from './demo.ts';
import { createGuard, MAX_BODY_BYTES } from './guard.ts';
import type { DemoOptions } from './options.ts';
import { PAGES_PATH, servePage } from './pages.ts';
import { createServerFactory } from './rev-2026-07-28/server.ts';

export interface RunningDemo {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** Serves `http://127.0.0.1:N/mcp`, for loopback only unless a host is named. */
export async function serveDemoHttp(options: DemoOptions): Promise<RunningDemo> {
  let base = '';
  const demo = createDemo(options, () => `${base}${PAGES_PATH}`);
  const guard = createGuard(options.token);
  const modern = createMcpHandler(createServerFactory(demo), { legacy: 'reject', maxRequestBodySize: MAX_BODY_BYTES });
  const serveModern = toNodeHandler(modern);

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    if (pathname.startsWith(PAGES_PATH)) return servePage(demo, pathname, request, response);
    if (!guard(request, response)) return;
    if (pathname !== '/mcp') {
      response.writeHead(404, { 'content-type': 'text/plain' });
      response.end('The demo is at /mcp\n');
      return;
    }
    await serveModern(request as NodeIncomingMessageLike, response);
  }

  const server = createServer((request, response) => {
    handle(request, response).catch(() => {
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
  const { port, address } = await listen(server, options);
  base = `http://${address.includes(':') ? `[${address}]` : address}:${port}`;
  demo.engine.start();
  return {
    url: `${base}/mcp`,
    async stop() {
      await modern.close();
      demo.engine.stop();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      demo.db.close();
    },
  };
}

function listen(server: Server, options: DemoOptions): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, options.host ?? '127.0.0.1', () => resolve(server.address() as AddressInfo));
  });
}
