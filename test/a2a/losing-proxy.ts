import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface LosingProxy {
  readonly url: string;
  /** The next request whose path or body has this is served, and its reply lost with the line. */
  loseReplyTo(words: string): void;
  /** Until called back, nothing gets through. */
  cut(): () => void;
  /** How many requests found the line cut. */
  readonly refused: number;
  stop(): Promise<void>;
}

/** Stands in front of an agent whose card has relative URLs, and loses what it is told to lose. */
export async function serveLosingProxy(upstream: string): Promise<LosingProxy> {
  const lose: string[] = [];
  let isCut = false;
  let refused = 0;
  const server = createServer((from, to) => {
    const chunks: Buffer[] = [];
    from.on('data', (chunk: Buffer) => chunks.push(chunk));
    from.on('end', () => {
      if (isCut) {
        refused += 1;
        return from.socket.destroy();
      }
      const body = Buffer.concat(chunks);
      const at = lose.findIndex((words) => `${from.url} ${body}`.includes(words));
      if (at !== -1) lose.splice(at, 1);
      const { method, headers, url } = from;
      const sent = request(new URL(url ?? '/', upstream), { method, headers }, (reply) => {
        if (at !== -1) {
          reply.resume();
          return void reply.on('end', () => from.socket.destroy());
        }
        to.writeHead(reply.statusCode ?? 500, reply.headers);
        reply.pipe(to);
        reply.on('error', () => to.destroy());
      });
      sent.on('error', () => from.socket.destroy());
      to.on('close', () => sent.destroy());
      sent.end(body);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    loseReplyTo: (words) => void lose.push(words),
    cut() {
      isCut = true;
      server.closeAllConnections();
      return () => {
        isCut = false;
      };
    },
    get refused() {
      return refused;
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
