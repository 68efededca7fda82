import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { type NodeIncomingMessageLike, toWebRequest } from '@modelcontextprotocol/node';
import { MAX_BODY_BYTES } from './guard.ts';

/** Thrown instead of returning a response: the connection is to be destroyed. */
export class ConnectionDropped extends Error {}

/**
 * Answers a Node request with a fetch handler. The SDK's adapter notices a disconnect only at the next chunk and delays
 * the headers of a silent stream until then; here both are immediate.
 */
export async function serveFetch(
  fetch: (request: Request) => Promise<Response>,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const gone = new AbortController();
  outgoing.once('close', () => {
    if (!outgoing.writableFinished) gone.abort();
  });
  const answer = await answerOf(fetch, incoming, gone.signal);
  if (answer === 'dropped') {
    incoming.socket.destroy();
    return;
  }
  outgoing.writeHead(answer.status, Object.fromEntries(answer.headers));
  outgoing.flushHeaders();
  if (answer.body === null) outgoing.end();
  else await pipeline(Readable.fromWeb(answer.body as ReadableStream), outgoing).catch(() => {});
}

async function answerOf(
  fetch: (request: Request) => Promise<Response>,
  incoming: IncomingMessage,
  signal: AbortSignal,
): Promise<Response | 'dropped'> {
  try {
    return await fetch(
      await toWebRequest(incoming as NodeIncomingMessageLike, undefined, {
        signal,
        maxRequestBodySize: MAX_BODY_BYTES,
      }),
    );
  } catch (error) {
    if (error instanceof ConnectionDropped) return 'dropped';
    const tooLarge = (error as { readonly status?: unknown }).status === 413;
    return Response.json(
      {
        jsonrpc: '2.0',
        id: null,
        error: { code: tooLarge ? -32000 : -32603, message: tooLarge ? (error as Error).message : 'Internal error' },
      },
      tooLarge ? { status: 413, headers: { connection: 'close' } } : { status: 500 },
    );
  }
}
