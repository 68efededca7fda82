import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { onTestFinished } from 'vitest';
import { bridgeHome } from './support.ts';

const SERVER = resolve(import.meta.dirname, 'plain-server.mjs');

export interface Message {
  readonly id?: number | string;
  readonly method: string;
  readonly params?: { readonly name?: string; readonly arguments?: object; readonly requestId?: number | string };
}

/** A server without tasks behind a bridge, and what it received. */
export interface Plain {
  readonly home: string;
  readonly target: readonly string[];
  /** Takes effect at its next start. */
  setRevision(revision: string): void;
  /** Messages of this method, over all its starts. */
  received(method: string): readonly Message[];
  /** Kills the process that runs now. */
  kill(): void;
}

export function plainOverStdio(revision: string): Plain {
  const home = bridgeHome();
  const folder = join(home, 'plain');
  const linesOf = (name: string): readonly string[] =>
    existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8').trimEnd().split('\n') : [];
  const setRevision = (next: string): void => writeFileSync(join(folder, 'revision'), next);
  mkdirSync(folder);
  setRevision(revision);
  return {
    home,
    target: ['--', process.execPath, SERVER, folder],
    setRevision,
    received: (method) =>
      linesOf('received')
        .map((line) => JSON.parse(line) as Message)
        .filter((each) => each.method === method),
    kill: () => void process.kill(Number(linesOf('pids').at(-1)), 'SIGKILL'),
  };
}

/** Over HTTP; `left` counts the calls of `slow` whose connection the client closed. */
export async function plainOverHttp(
  revision: string,
): Promise<Omit<Plain, 'kill' | 'setRevision'> & { left(): number }> {
  const { replyTo } = (await import(SERVER)) as { replyTo(message: Message, revision: string): object | undefined };
  const received: Message[] = [];
  let left = 0;
  const server = createServer(async (request, response) => {
    if (request.method !== 'POST') return void response.writeHead(405).end();
    const message = await bodyOf(request);
    received.push(message);
    const reply = replyTo(message, revision);
    if (reply !== undefined)
      return void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(reply));
    if (message.id === undefined) return void response.writeHead(202).end();
    response.on('close', () => {
      left += 1;
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    home: bridgeHome(),
    target: [`http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`],
    received: (method) => received.filter((each) => each.method === method),
    left: () => left,
  };
}

async function bodyOf(request: IncomingMessage): Promise<Message> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString()) as Message;
}
