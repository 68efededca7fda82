import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface LosingProxy {
  readonly url: string;
  /** Forwards the next request whose path or body contains this text, and loses its reply. */
  loseReplyTo(text: string): void;
  /** Refuses all requests until the returned function is called. */
  cut(): () => void;
  /** Number of requests refused while cut. */
  readonly refused: number;
  stop(): Promise<void>;
}

/** A proxy in front of an agent with relative URLs in its card; loses replies on demand. */
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
      const at = lose.findIndex((text) => `${from.url} ${body}`.includes(text));
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
    loseReplyTo: (text) => void lose.push(text),
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
