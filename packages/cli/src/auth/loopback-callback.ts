import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CliError } from '../cli-error.ts';

const HOST = '127.0.0.1';
const PATH = '/callback';
const PAGE = (text: string): string =>
  `<!doctype html><meta charset="utf-8"><title>mcp-tasks</title><body style="font:16px system-ui;margin:4em">${text}`;

/** The redirect URI of a sign-in: on loopback, open only while a person signs in (RFC 8252, 7.3). */
export interface LoopbackCallback {
  readonly redirectUrl: string;
  /** Starts to listen; call it before the sign-in page is shown. @throws {CliError} when the port cannot be opened */
  open(): Promise<void>;
  /** Resolves to the parameters of the callback with this state; refuses other requests. Closes after the last wait. */
  wait(state: string, signal: AbortSignal): Promise<URLSearchParams>;
}

function listen(server: Server, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const refuse = (): void => resolve(false);
    server.once('error', refuse);
    server.listen(port, HOST, () => {
      server.off('error', refuse);
      resolve(true);
    });
  });
}

/** A free port: the preferred one, or any. `undefined` where nothing can listen. */
async function findPort(preferred: number): Promise<number | undefined> {
  for (const port of [preferred, 0]) {
    const server = createServer();
    if (!(await listen(server, port))) continue;
    const found = (server.address() as AddressInfo).port;
    await new Promise((resolve) => server.close(resolve));
    return found;
  }
  return undefined;
}

/**
 * @param preferred Port of an earlier sign-in, which the server may have registered; when it is taken, a free one is
 * used.
 */
export async function openLoopbackCallback(preferred = 0): Promise<LoopbackCallback | undefined> {
  const port = await findPort(preferred);
  return port === undefined
    ? undefined
    : callbackOn(port, `Port ${port}, the port of the registered redirect, is taken`);
}

/** The callback at a fixed port: the redirect URI that the operator registered. */
export function callbackAt(port: number): LoopbackCallback {
  return callbackOn(port, `Port ${port} of --callback-port is taken`);
}

type Waiting = ReadonlyMap<string, (parameters: URLSearchParams) => void>;

function callbackOn(port: number, taken: string): LoopbackCallback {
  const waiting = new Map<string, (parameters: URLSearchParams) => void>();
  let server: Server | undefined;

  function close(): void {
    if (waiting.size > 0) return;
    server?.close();
    server = undefined;
  }

  return {
    redirectUrl: `http://${HOST}:${port}${PATH}`,
    async open() {
      if (server !== undefined) return;
      const opening = createServer((request, response) => answer(request, response, port, waiting));
      if (!(await listen(opening, port)))
        throw new CliError('auth-required', taken, 'Stop the program that listens there, then sign in again.');
      opening.on('error', () => undefined);
      opening.on('clientError', (_error, socket) => socket.destroy());
      server = opening;
    },
    wait: (state, signal) =>
      new Promise((resolve, reject) => {
        const finish = (settle: () => void): void => {
          waiting.delete(state);
          close();
          settle();
        };
        waiting.set(state, (parameters) => finish(() => resolve(parameters)));
        signal.addEventListener('abort', () => finish(() => reject(signal.reason)), { once: true });
        if (signal.aborted) finish(() => reject(signal.reason));
      }),
  };
}

/** Accepts only a redirected browser: GET, this host, this path, an expected state, each parameter once. */
function answer(request: IncomingMessage, response: ServerResponse, port: number, waiting: Waiting): void {
  const parameters = parametersOf(request, port);
  const resolve = parameters === undefined ? undefined : waiting.get(parameters.get('state') ?? '');
  const headers = { 'content-type': 'text/html; charset=utf-8', connection: 'close' };
  if (parameters === undefined || resolve === undefined) {
    response.writeHead(400, headers).end(PAGE('Nothing here.'));
    return;
  }
  const outcome = parameters.has('error') ? 'Access was refused.' : 'Done.';
  response.writeHead(200, headers).end(PAGE(`${outcome} You can close this page and go back to your terminal.`));
  resolve(parameters);
}

function parametersOf({ method, url = '', headers }: IncomingMessage, port: number): URLSearchParams | undefined {
  const [path, query = '', ...rest] = url.split('?');
  const isOurs = method === 'GET' && path === PATH && rest.length === 0;
  if (!isOurs || (headers.host !== `${HOST}:${port}` && headers.host !== `localhost:${port}`)) return undefined;
  const parameters = new URLSearchParams(query);
  return ['state', 'code', 'error'].every((name) => parameters.getAll(name).length <= 1) ? parameters : undefined;
}
