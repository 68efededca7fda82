import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Prediction {
  readonly id: string;
  readonly status: string;
  readonly output?: unknown;
  readonly error?: string | null;
}

export interface ReplicateApi {
  readonly url: string;
  /** Requested methods and paths, in order. */
  readonly requests: readonly string[];
  /** Changes the only prediction, or the one with this id. */
  set(change: Partial<Prediction>, id?: string): void;
  /** Deletes all predictions, as the API does an hour after their end. */
  forget(): void;
  stop(): Promise<void>;
}

/** Predictions in the shape of Replicate's HTTP API; they change only on demand. */
export async function serveReplicateApi(): Promise<ReplicateApi> {
  const predictions = new Map<string, Prediction>();
  const requests: string[] = [];

  function change(id: string, to: Partial<Prediction>): Prediction | undefined {
    const known = predictions.get(id);
    if (known === undefined) return undefined;
    const next = { ...known, ...to };
    predictions.set(id, next);
    return next;
  }

  function reply(to: ServerResponse, body: unknown, status = 200): void {
    const known = body === undefined ? [404, { title: 'Not found', status: 404 }] : [status, body];
    to.writeHead(Number(known[0]), { 'content-type': 'application/json' }).end(JSON.stringify(known[1]));
  }

  const server = createServer((from, to) => {
    const path = from.url ?? '';
    requests.push(`${from.method} ${path}`);
    from.resume();
    from.on('end', () => {
      const [, , id = '', act] = path.split('/');
      if (from.method === 'POST' && id === '') {
        const made = {
          id: `p${predictions.size + 1}`,
          model: 'acme/whale',
          status: 'starting',
          output: null,
          error: null,
        };
        predictions.set(made.id, made);
        return reply(to, made, 201);
      }
      if (id === '') return reply(to, { next: null, previous: null, results: [...predictions.values()] });
      reply(to, act === 'cancel' ? change(id, { status: 'canceled' }) : predictions.get(id));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    set: (to, id = 'p1') => void change(id, to),
    forget: () => predictions.clear(),
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
