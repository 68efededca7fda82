import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Connection, ConnectionFailure, Failure, JsonObject } from '@mcp-tasks/client';
import { connect } from '@mcp-tasks/client/connect';
import { onTestFinished } from 'vitest';
import { serveHttp } from './support.ts';

/** One request about a task, as received. */
export interface SeenPoll {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly id: string;
  readonly method: string;
  readonly params: JsonObject;
  readonly port: number | undefined;
  /** True for a request from the pool: `fetch` adds the header `sec-fetch-mode`. */
  readonly isPooled: boolean;
  /** Answers with this result. */
  reply(result: JsonObject): void;
}

const CAPABILITIES = { tools: {}, extensions: { 'io.modelcontextprotocol/tasks': {} } };
const DISCOVERED = {
  resultType: 'complete',
  supportedVersions: ['2026-07-28'],
  capabilities: CAPABILITIES,
  serverInfo: { name: 'polls', version: '1' },
  ttlMs: 0,
  cacheScope: 'private',
};

/** A 2026-07-28 server on which the test answers requests about tasks. */
export async function servePolls(answer: (poll: SeenPoll) => void) {
  const seen: SeenPoll[] = [];
  const server = await serveHttp((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
    request.on('end', () => {
      if (request.method !== 'POST') return response.writeHead(405).end();
      const { id, method, params } = JSON.parse(text);
      const send = (result: JsonObject): void => {
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify({ jsonrpc: '2.0', id, result }));
      };
      if (method === 'server/discover') return send(DISCOVERED);
      const isPooled = request.headers['sec-fetch-mode'] === undefined;
      const { remotePort: port } = request.socket;
      const poll: SeenPoll = { request, response, id, method, params, port, isPooled, reply: send };
      seen.push(poll);
      return answer(poll);
    });
  });
  onTestFinished(() => server.stop());
  return { url: server.url, seen };
}

export type ConnectionOptions = Parameters<typeof connect>[1];

/** A connection whose polls go through the pool from now on. */
export async function connectPooled(
  { url, seen }: { readonly url: string; readonly seen: readonly SeenPoll[] },
  options?: ConnectionOptions,
): Promise<Connection> {
  const connection = await connect({ kind: 'url', url }, options);
  onTestFinished(() => connection.close());
  // A socket is reused only a moment after its response: open two.
  while (seen.filter(({ isPooled }) => isPooled).length < 3)
    await connection.request('tasks/get', { taskId: 'warm-up' });
  return connection;
}

export function failureOf(request: Promise<unknown>): Promise<Failure | 'no failure'> {
  return request.then(
    () => 'no failure' as const,
    (error: ConnectionFailure) => error.failure,
  );
}
