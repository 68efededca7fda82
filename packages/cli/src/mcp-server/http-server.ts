import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const LAST_WORDS_MS = 1000;
const KEEP_ALIVE_MS = 120_000;

/** An HTTP server that lets its last answers reach their clients. */
export interface HttpServer {
  /** @throws the error of `listen`, such as `EADDRINUSE` */
  listen(port: number, host: string): Promise<AddressInfo>;
  /** Ends all connections, once what ended just now has reached its client. */
  stop(): Promise<void>;
}

export function createHttpServer(
  handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
): HttpServer {
  const answering = new Set<Promise<void>>();
  // A client that a busy machine keeps waiting between two requests must not find its line closed at the second.
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
    const answer = handle(request, response)
      .catch(() => {
        if (!response.headersSent) response.writeHead(500);
        response.end();
      })
      .finally(() => answering.delete(answer));
    answering.add(answer);
  });
  return {
    listen: (port, host) => listen(server, port, host),
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      await Promise.race([Promise.all(answering), sleep(LAST_WORDS_MS, undefined, { ref: false })]);
      server.closeAllConnections();
      await closed;
    },
  };
}

function listen(server: Server, port: number, host: string): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve(server.address() as AddressInfo);
    });
  });
}
