import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Demo } from './demo.ts';

export const PAGES_PATH = '/sign-in/';

const STYLE =
  'body{font:18px/1.5 system-ui;max-width:28em;margin:4em auto;padding:0 1em}button{font:inherit;padding:.4em 1em}';

const FORM = '<form method="post"><button>Sign in</button></form>';

/** Serves the sign-in pages. Their names are random and hold for one task each. */
export function servePage(demo: Demo, path: string, request: IncomingMessage, response: ServerResponse): void {
  const page = path.slice(PAGES_PATH.length);
  if (!demo.engine.hasPage(page)) {
    send(response, 404, 'No such page', '<p>This sign-in is not open, or no longer.</p>');
  } else if (request.method === 'POST') {
    demo.engine.visitPage(page);
    send(response, 200, 'Signed in', '<p>You are signed in. You can close this page.</p>');
  } else {
    send(response, 200, 'Sign in', `<p>A task of the mcp-tasks demo waits for you.</p>${FORM}`);
  }
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
