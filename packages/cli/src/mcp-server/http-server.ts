import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { processClock } from '../process-clock.ts';
import { valueWithin } from '../timers.ts';

/** Limit of the wait for responses in progress when the server stops, in ms. */
const DRAIN_MS = 1_000;
const KEEP_ALIVE_MS = 120_000;

/** An HTTP server that finishes writing its last responses when it stops. */
export interface HttpServer {
  /** @throws the error of `listen`, such as `EADDRINUSE` */
  listen(port: number, host: string): Promise<AddressInfo>;
  /** Closes all connections, after responses that have just ended are written. */
  stop(): Promise<void>;
}

export function createHttpServer(
  handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
): HttpServer {
  const answering = new Set<Promise<void>>();
  // A long keep-alive: on a busy machine a client's next request may come late.
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
      await valueWithin(processClock, DRAIN_MS, Promise.all(answering));
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
