import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { localhostHostValidation, localhostOriginValidation } from '@modelcontextprotocol/node';

/** The largest body of a request, in bytes. */
export const MAX_BODY_BYTES = 4 * 1024 * 1024;

/** Answers a request that must not go further, and says whether it may. */
export type Guard = (request: IncomingMessage, response: ServerResponse) => boolean;

/** A web page must not reach the demo through a name of its own, and without the token nobody may. */
export function createGuard(token: string | undefined): Guard {
  const host = localhostHostValidation();
  const origin = localhostOriginValidation();
  return (request, response) => {
    if (!host(request, response) || !origin(request, response)) return false;
    if (token === undefined || bearerMatches(request, token)) return true;
    response.writeHead(401, {
      'content-type': 'application/json',
      'www-authenticate': 'Bearer realm="mcp-tasks demo"',
    });
    response.end(
      JSON.stringify({ jsonrpc: '2.0', id: null, error: { code: -32001, message: 'A bearer token is needed' } }),
    );
    return false;
  };
}

function bearerMatches(request: IncomingMessage, token: string): boolean {
  const digest = (value: string) => createHash('sha256').update(value).digest();
  return timingSafeEqual(digest(request.headers.authorization ?? ''), digest(`Bearer ${token}`));
}
