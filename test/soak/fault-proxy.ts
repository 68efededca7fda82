import { createServer, type IncomingHttpHeaders, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault, FaultPlan } from './fault-plan.ts';
import { readMessages } from './read-messages.ts';
import type { JsonRecord, Passage, WireLedger } from './wire-ledger.ts';
import { WORKER_HEADER } from './worker-setup.ts';

export interface FaultProxy {
  readonly url: string;
  stop(): Promise<void>;
}

export interface FaultProxyOptions {
  readonly lane: string;
  /** URL of the server; `undefined` while it is down. */
  readonly upstream: () => URL | undefined;
  readonly faults: FaultPlan;
  readonly ledger: WireLedger;
}

interface Exchange {
  readonly from: IncomingMessage;
  readonly to: ServerResponse;
  readonly body: Buffer;
  readonly passage: Passage;
}

const STREAMS = ['tasks/result', 'subscriptions/listen', 'GET'];
const PAGE = '<html><body>The gateway is in trouble</body></html>';

/** A proxy in front of a server that may restart; it injects the planned faults. */
export async function serveFaultProxy({ lane, upstream, faults, ledger }: FaultProxyOptions): Promise<FaultProxy> {
  // Longer than any client's keep-alive: only the plan closes connections.
  const server = createServer({ keepAliveTimeout: 120_000 }, (from, to) => {
    to.on('error', () => undefined);
    void handle(from, to).catch(() => to.destroy());
  });

  async function handle(from: IncomingMessage, to: ServerResponse): Promise<void> {
    const body = await readBody(from);
    const message = body.length === 0 ? undefined : (JSON.parse(body.toString()) as JsonRecord);
    const sessionId = from.headers['mcp-session-id']?.toString();
    const worker = from.headers[WORKER_HEADER]?.toString();
    const passage = ledger.recordRequest(message, { lane, httpMethod: from.method ?? '', sessionId, worker });
    const exchange = { from, to, body, passage };
    await perform(faults.faultFor(passage.method, sessionId !== undefined), exchange);
  }

  async function perform(fault: Fault | undefined, exchange: Exchange): Promise<void> {
    const { to, passage } = exchange;
    switch (fault?.kind) {
      case undefined:
        return pass(exchange, {});
      case 'dropped before':
        to.destroy();
        return;
      case 'late delivery':
        to.destroy();
        await sleep(fault.afterMs);
        return pass(exchange, { to: 'nobody' });
      case '502':
      case '503':
        to.writeHead(Number(fault.kind), { 'content-type': 'text/html' }).end(PAGE);
        return;
      case '429':
        to.writeHead(429, { 'content-type': 'text/html', 'retry-after': fault.retryAfter }).end(PAGE);
        return;
      case 'hang':
        await sleep(fault.forMs);
        to.destroy();
        return;
      case 'latency':
        await sleep(fault.beforeMs);
        return pass(exchange, { delayMs: fault.afterMs });
      case 'dropped after':
        await pass(exchange, { to: 'nobody' });
        to.destroy();
        return;
      case '504 after':
        await pass(exchange, { to: 'nobody' });
        to.writeHead(504, { 'content-type': 'text/html' }).end(PAGE);
        return;
      case 'cut':
        return pass(exchange, { cutAfterMs: fault.afterMs });
      case 'delivered twice':
        void pass({ ...exchange, passage: { ...passage } }, { to: 'nobody' });
        return pass(exchange, {});
    }
  }

  interface Delivery {
    readonly to?: 'client' | 'nobody';
    readonly delayMs?: number;
    readonly cutAfterMs?: number;
  }

  /** Forwards the request and the reply, and records both. Resolves when both are complete. */
  function pass(exchange: Exchange, delivery: Delivery): Promise<void> {
    const { from, to, body, passage } = exchange;
    const isStream = STREAMS.includes(passage.method);
    if (delivery.to === 'nobody' && isStream) return Promise.resolve(); // without a client the stream never ends
    const address = upstream();
    return new Promise((resolve) => {
      const giveUp = (): void => {
        if (delivery.to !== 'nobody') to.destroy();
        resolve();
      };
      if (address === undefined) return giveUp();
      const headers: IncomingHttpHeaders = { ...from.headers, host: address.host };
      const outgoing = request(new URL(from.url ?? '/', address), { method: from.method, headers, agent: false });
      outgoing.on('error', giveUp);
      if (delivery.to !== 'nobody') to.on('close', () => outgoing.destroy());
      outgoing.on('finish', () => {
        passage.reached += 1;
      });
      outgoing.on('response', (incoming) => {
        const reader = readMessages(incoming.headers['content-type'], (message) =>
          ledger.recordMessage(passage, message),
        );
        incoming.on('data', (chunk: Buffer) => reader.push(chunk));
        incoming.on('error', giveUp);
        incoming.on('end', () => {
          reader.end();
          resolve();
        });
        if (delivery.to === 'nobody') return;
        void relay(incoming, exchange, delivery, isStream);
      });
      outgoing.end(body);
    });
  }

  async function relay(
    incoming: IncomingMessage,
    exchange: Exchange,
    delivery: Delivery,
    isStream: boolean,
  ): Promise<void> {
    const { to, passage } = exchange;
    if (delivery.delayMs !== undefined && delivery.delayMs > 0) {
      incoming.pause();
      await sleep(delivery.delayMs);
      incoming.resume();
    }
    if (to.destroyed) return;
    to.writeHead(incoming.statusCode ?? 502, incoming.headers);
    to.flushHeaders();
    if (delivery.cutAfterMs !== undefined && isStream) setTimeout(() => to.destroy(), delivery.cutAfterMs).unref();
    incoming.on('data', (chunk: Buffer) => {
      if (delivery.cutAfterMs === undefined || isStream) return to.write(chunk);
      to.write(chunk.subarray(0, Math.floor(chunk.length / 2)), () => to.destroy());
      return false;
    });
    incoming.on('end', () => {
      to.end(() => {
        if (delivery.cutAfterMs === undefined) passage.deliveredAt = Date.now();
      });
    });
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function readBody(from: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of from) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
