import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Connection, JsonObject } from '@mcp-tasks/client';
import { connect } from '@mcp-tasks/client/connect';
import { onTestFinished } from 'vitest';
import { serveHttp } from '../connect/support.ts';

export type Binding = 'JSONRPC' | 'HTTP+JSON';

/** One request about a task, as received. */
export interface AgentPoll {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly taskId: string;
  /** JSON-RPC method; undefined over HTTP+JSON. */
  readonly method: string | undefined;
  readonly port: number | undefined;
  /** True for a request from the pool: `fetch` adds the header `sec-fetch-mode`. */
  readonly isPooled: boolean;
  /** Answers that the task is working. */
  reply(): void;
}

/** An A2A 1.0 agent whose polls the test answers. Other requests get `also`, or 404. */
export async function servePolledAgent(
  binding: Binding,
  answer: (poll: AgentPoll) => void,
  also: (path: string) => JsonObject | undefined = () => undefined,
) {
  const seen: AgentPoll[] = [];
  const server = await serveHttp((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
    request.on('end', () => {
      const json = (body: JsonObject, status = 200): void => {
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      };
      const { pathname } = new URL(request.url ?? '/', 'http://agent');
      if (pathname === '/.well-known/agent-card.json') return json(cardOf(binding));
      const other = also(pathname);
      if (other !== undefined) return json(other);
      const { id = null, method, params } = text === '' ? {} : JSON.parse(text);
      const taskId = params?.id ?? /^\/agent\/tasks\/(.+)$/.exec(pathname)?.[1];
      if (taskId === undefined) return json({}, 404);
      const task = { id: taskId, contextId: 'c', status: { state: 'TASK_STATE_WORKING' } };
      const poll: AgentPoll = {
        ...{ request, response, taskId, method, port: request.socket.remotePort },
        isPooled: request.headers['sec-fetch-mode'] === undefined,
        reply: () => json(binding === 'JSONRPC' ? { jsonrpc: '2.0', id, result: task } : task),
      };
      seen.push(poll);
      return answer(poll);
    });
  });
  onTestFinished(() => server.stop());
  return { url: new URL('/', server.url).href, seen };
}

function cardOf(binding: Binding): JsonObject {
  const at = { url: '/agent', protocolBinding: binding, protocolVersion: '1.0' };
  return { name: 'Polled', version: '1', skills: [], supportedInterfaces: [at] };
}

export type ConnectionOptions = Parameters<typeof connect>[1];

/** A connection whose polls go through the pool from now on. */
export async function connectPooledAgent(
  { url, seen }: { readonly url: string; readonly seen: readonly AgentPoll[] },
  options?: ConnectionOptions,
): Promise<Connection> {
  const connection = await connect({ kind: 'url', url, protocol: 'a2a' }, options);
  onTestFinished(() => connection.close());
  // A socket is reused only a moment after its response: open two.
  while (seen.filter(({ isPooled }) => isPooled).length < 3) await connection.request('GetTask', { id: 'warm-up' });
  return connection;
}
