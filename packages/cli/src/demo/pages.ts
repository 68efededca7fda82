import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createGuard } from '../mcp-server/guard.ts';
import { pathOf } from '../mcp-server/path-of.ts';
import { type Demo, REALM } from './demo.ts';
import { readValue, saveValue } from './journal.ts';

export const PAGES_PATH = '/sign-in/';

const STYLE =
  'body{font:18px/1.5 system-ui;max-width:28em;margin:4em auto;padding:0 1em}button{font:inherit;padding:.4em 1em}';

const FORM = '<form method="post"><button>Sign in</button></form>';

/** Serves the sign-in pages. Each task has one page with a random name. */
export async function servePage(
  demo: Demo,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const page = path.slice(PAGES_PATH.length);
  if (!demo.host.hasPage(page)) {
    send(response, 404, 'No such page', '<p>This sign-in is not open, or no longer.</p>');
  } else if (request.method === 'POST') {
    await demo.host.visitPage(page);
    send(response, 200, 'Signed in', '<p>You are signed in. You can close this page.</p>');
  } else {
    send(response, 200, 'Sign in', `<p>A task of the mcp-tasks demo waits for you.</p>${FORM}`);
  }
}

export interface Pages {
  /** URL prefix of a page's name. */
  readonly base: string;
  readonly stop: () => Promise<void>;
}

/** Serves the pages alone, beside stdio. With a store it tries the last port first, since tasks hold its address. */
export async function servePages(demo: Demo): Promise<Pages> {
  const guard = createGuard({ realm: REALM });
  const server = createServer((request, response) => {
    if (!guard(request, response)) return;
    const path = pathOf(request);
    void servePage(demo, path?.startsWith(PAGES_PATH) === true ? path : PAGES_PATH, request, response).catch(() =>
      response.destroy(),
    );
  });
  const listen = (port: number) =>
    new Promise<number>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
    });
  const port = await listen(Number(readValue(demo.db, 'page-port') ?? 0)).catch(() => listen(0));
  saveValue(demo.db, 'page-port', String(port));
  server.unref();
  return {
    base: `http://127.0.0.1:${port}${PAGES_PATH}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function send(response: ServerResponse, status: number, title: string, body: string): void {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy':
      "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'",
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
  });
  response.end(
    `<!doctype html><html lang="en"><title>${title}</title><style>${STYLE}</style><h1>${title}</h1>${body}</html>`,
  );
}
