import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CliError } from '../cli-error.ts';

const PATH = '/callback';
const PAGE = (text: string): string =>
  `<!doctype html><meta charset="utf-8"><title>mcp-tasks</title><body style="font:16px system-ui;margin:4em">${text}`;

/** Where the browser comes back to after a sign-in: this machine alone, as long as we live (RFC 8252, 7.3). */
export interface LoopbackCallback {
  readonly redirectUrl: string;
  /** Before anybody is shown where to go. @throws {CliError} when nothing could come back */
  open(): Promise<void>;
  /** The parameters of the callback that carries this state; others are turned away. */
  wait(state: string, signal: AbortSignal): Promise<URLSearchParams>;
}

function listen(server: Server, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => resolve(true));
  });
}

interface Callbacks {
  readonly server: Server;
  readonly wait: LoopbackCallback['wait'];
}

function createCallbacks(): Callbacks {
  const waiting = new Map<string, (parameters: URLSearchParams) => void>();
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const resolve = waiting.get(url.searchParams.get('state') ?? '');
    const isOurs = url.pathname === PATH && resolve !== undefined;
    const isRefused = url.searchParams.has('error');
    const said = isRefused ? 'Nothing was allowed.' : 'Done.';
    response.writeHead(isOurs ? 200 : 404, { 'content-type': 'text/html; charset=utf-8', connection: 'close' });
    response.end(PAGE(isOurs ? `${said} You can close this page and go back to your terminal.` : 'Nothing here.'));
    if (isOurs) resolve(url.searchParams);
  });
  return {
    server,
    wait: (state, signal) =>
      new Promise((resolve, reject) => {
        server.ref();
        const finish = (settle: () => void): void => {
          waiting.delete(state);
          server.unref();
          settle();
        };
        waiting.set(state, (parameters) => finish(() => resolve(parameters)));
        signal.addEventListener('abort', () => finish(() => reject(signal.reason)), { once: true });
        if (signal.aborted) finish(() => reject(signal.reason));
      }),
  };
}

const urlAt = (port: number): string => `http://127.0.0.1:${port}${PATH}`;

/** @param preferredPort The port of an earlier sign-in, which the server may have registered; a free one when it is taken. */
export async function openLoopbackCallback(preferredPort = 0): Promise<LoopbackCallback | undefined> {
  const { server, wait } = createCallbacks();
  if (!((await listen(server, preferredPort)) || (await listen(server, 0)))) return undefined;
  server.unref();
  return { redirectUrl: urlAt((server.address() as AddressInfo).port), open: async () => undefined, wait };
}

/** At this port and no other; taken only while somebody signs in, since others may have the same one written down. */
export function callbackAt(port: number): LoopbackCallback {
  const { server, wait } = createCallbacks();
  return {
    redirectUrl: urlAt(port),
    async open() {
      if (await listen(server, port)) return;
      throw new CliError('auth-required', `Port ${port} of --callback-port is taken`, 'End what listens there.');
    },
    wait: (state, signal) => wait(state, signal).finally(() => server.close()),
  };
}
