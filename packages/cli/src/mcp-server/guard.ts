import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { hostHeaderValidation, originValidation } from '@modelcontextprotocol/node';

/** Limit of a request body, in bytes. */
export const MAX_BODY_BYTES = 4 * 1024 * 1024;

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];
const WILDCARDS = ['0.0.0.0', '::'];

/** Returns true when the request may proceed; otherwise it has answered the request. */
export type Guard = (request: IncomingMessage, response: ServerResponse) => boolean;

export interface GuardOptions {
  /** The realm in a refusal. */
  readonly realm: string;
  readonly token?: string | undefined;
  readonly host?: string | undefined;
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

/** Refuses DNS rebinding by web pages (Host and Origin headers) and requests without the token. */
export function createGuard({ realm, token, host }: GuardOptions): Guard {
  const names = host === undefined ? LOOPBACK : [...LOOPBACK, host.includes(':') ? `[${host}]` : host];
  // A server bound to every address cannot know its host names; there the token protects it.
  const anyName = host !== undefined && WILDCARDS.includes(host);
  const hostIsFine = anyName ? () => true : hostHeaderValidation(names);
  const originIsFine = originValidation(names);
  return (request, response) => {
    if (!hostIsFine(request, response) || !originIsFine(request, response)) return false;
    if (token === undefined || bearerMatches(request, token)) return true;
    response.writeHead(401, {
      'content-type': 'application/json',
      'www-authenticate': `Bearer realm="${realm}"`,
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
