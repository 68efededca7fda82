import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { JsonObject, JsonValue } from '../../packages/client/src/task/json.ts';

export interface WireRequest {
  /** `(answer)` for a reply to the server's own request. */
  readonly method: string;
  /** For a reply: its result or error. */
  readonly params: JsonObject;
  readonly id: JsonValue;
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Number of requests with this method, including this one. */
  readonly count: number;
}

export interface WireStream {
  /** JSON-RPC id of the request; it tags messages on its subscription. */
  readonly id: JsonValue;
  send(message: JsonObject): void;
  /** Sends the reply and ends the stream. */
  finish(result: JsonValue): void;
  end(): void;
}

/** The server's action for one request. */
export type Act =
  | { readonly result: JsonValue }
  | {
      readonly error: { readonly code: number; readonly message: string; readonly data?: JsonValue };
      /** Some servers also set an HTTP status for errors. @default 200 */
      readonly httpStatus?: number;
    }
  /** Destroys the connection instead of replying. */
  | 'reset'
  /** Never replies. */
  | 'hang'
  /** Replies with an SSE stream that the test ends or cuts. */
  | { readonly stream: (stream: WireStream) => void | Promise<void> }
  /** Writes the response bytes by hand. */
  | { readonly write: (response: ServerResponse, id: JsonValue) => void }
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string };

export interface FaultyServer {
  readonly url: string;
  readonly requests: readonly WireRequest[];
  count(method: string): number;
  /** HTTP requests other than POST. */
  readonly others: readonly string[];
  /** Sends a message on the client's GET stream (`standing`), when it is open. */
  notify(message: JsonObject): Promise<void>;
}

export interface FaultyOptions {
  readonly revision?: '2026-07-28' | '2025-11-25';
  readonly taskSupport?: string;
  /** @default a free port */
  readonly port?: number;
  /** GET opens a stream for server messages (2025-11-25). @default false: 405 */
  readonly standing?: boolean;
}

export const TOOLS = [{ name: 'deploy', description: 'Deploys.', inputSchema: { type: 'object' } }];
const SERVER_INFO = { name: 'faulty', version: '1' };
const SESSION = 'session-1';

/** Replies of a correct server, so that a script contains only its faults. */
function defaultReply(method: string, { revision = '2026-07-28', taskSupport = 'optional' }: FaultyOptions): Act {
  switch (method) {
    case 'server/discover':
      if (revision !== '2026-07-28') return { error: { code: -32601, message: 'Method not found' } };
      return {
        result: {
          resultType: 'complete',
          supportedVersions: [revision],
          capabilities: { tools: {}, extensions: { 'io.modelcontextprotocol/tasks': {} } },
          ttlMs: 0,
          cacheScope: 'private',
          _meta: { 'io.modelcontextprotocol/serverInfo': SERVER_INFO },
        },
      };
    case 'initialize':
      return {
        result: {
          protocolVersion: revision,
          capabilities: { tools: {}, tasks: { cancel: {}, requests: { tools: { call: {} } } } },
          serverInfo: SERVER_INFO,
        },
      };
    case 'tools/list':
      if (revision === '2026-07-28') {
        return { result: { resultType: 'complete', tools: TOOLS, ttlMs: 0, cacheScope: 'private' } };
      }
      return { result: { tools: TOOLS.map((tool) => ({ ...tool, execution: { taskSupport } })) } };
    default:
      return { error: { code: -32601, message: 'Method not found' } };
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

function respond(act: Act, id: JsonValue, response: ServerResponse, headers: Record<string, string>): void {
  if (act === 'hang') return;
  if (act === 'reset') {
    response.destroy();
    return;
  }
  if ('write' in act) {
    act.write(response, id);
    return;
  }
  if ('stream' in act) {
    response.writeHead(200, { 'content-type': 'text/event-stream', ...headers });
    const send = (message: JsonObject): void => {
      response.write(`data: ${JSON.stringify({ jsonrpc: '2.0', ...message })}\n\n`);
    };
    const end = (): void => void response.end();
    const finish = (result: JsonValue): void => {
      send({ id, result });
      end();
    };
    void act.stream({ id, send, finish, end });
    return;
  }
  if ('status' in act) {
    response.writeHead(act.status, { 'content-type': 'text/html', ...act.headers });
    response.end(act.body ?? '<html><body>An error page</body></html>');
    return;
  }
  const outcome = 'error' in act ? { error: act.error } : { result: act.result };
  const status = 'error' in act ? (act.httpStatus ?? 200) : 200;
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify({ jsonrpc: '2.0', id, ...outcome }));
}

/** A server over real HTTP that follows the script, and replies correctly elsewhere. */
export async function startFaulty(
  script: (request: WireRequest) => Act | undefined | Promise<Act | undefined>,
  options: FaultyOptions = {},
): Promise<FaultyServer & { stop(): Promise<void> }> {
  const requests: WireRequest[] = [];
  const others: string[] = [];
  const count = (method: string): number => requests.filter((each) => each.method === method).length;
  let stand: (response: ServerResponse) => void = () => undefined;
  const standing = new Promise<ServerResponse>((resolve) => {
    stand = resolve;
  });
  // A long keep-alive: on a busy machine the default of five seconds would add an unscripted fault.
  const server = createServer({ keepAliveTimeout: 120_000 }, async (request, response) => {
    const text = await bodyOf(request);
    if (request.method === 'GET' && options.standing === true) {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
      stand(response);
      return;
    }
    if (request.method !== 'POST') {
      others.push(request.method ?? '');
      response.writeHead(405).end();
      return;
    }
    const message = JSON.parse(text) as { [Part in 'params' | 'result' | 'error']?: JsonObject } & {
      id?: JsonValue;
      method?: string;
    };
    const { id, method = '(answer)', params = message.result ?? message.error ?? {} } = message;
    const wire = {
      method,
      params,
      id: id ?? null,
      headers: request.headers as WireRequest['headers'],
      count: count(method) + 1,
    };
    requests.push(wire);
    if (id === undefined) {
      response.writeHead(202).end();
      return;
    }
    const act = (await script(wire)) ?? defaultReply(method, options);
    respond(act, id, response, method === 'initialize' ? { 'mcp-session-id': SESSION } : {});
  });
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const notify = async (message: JsonObject): Promise<void> => {
    (await standing).write(`data: ${JSON.stringify({ jsonrpc: '2.0', ...message })}\n\n`);
  };
  const stop = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { url: `http://127.0.0.1:${port}/mcp`, requests, others, count, notify, stop };
}

export const complete = (fields: JsonObject): Act => ({ result: { resultType: 'complete', ...fields } });
