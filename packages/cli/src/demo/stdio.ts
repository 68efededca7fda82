import type { Readable, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Transport as TransportV1 } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { JSONRPCMessage } from '@modelcontextprotocol/server';
import { StdioServerTransport, serveStdio } from '@modelcontextprotocol/server/stdio';
import { createDemo } from './demo.ts';
import { createLane, revisionOf } from './line.ts';
import type { DemoOptions, Revision } from './options.ts';
import { servePages } from './pages.ts';
import { createResultStream } from './rev-2025-11-25/result.ts';
import { createTaskServer, notifyStatus } from './rev-2025-11-25/server.ts';
import {
  type ListenRequest,
  openSubscription,
  parseListen,
  type RequestId,
  refusalOf,
  type Subscription,
} from './rev-2026-07-28/listen.ts';
import { createServerFactory } from './rev-2026-07-28/server.ts';

/** Serves one client over two streams, in the revision it speaks, until the input ends or `leave` says so. */
export async function serveDemoStdio(
  options: DemoOptions,
  stdin: NodeJS.ReadableStream,
  stdout: NodeJS.WritableStream,
  leave?: AbortSignal,
): Promise<void> {
  let pageBase = '';
  const demo = createDemo(options, () => pageBase);
  const pages = await servePages(demo);
  pageBase = pages.base;
  demo.engine.start();

  const wire = new StdioServerTransport(stdin as Readable, stdout as Writable);
  const ended = new Promise<void>((resolve) => {
    wire.onclose = resolve;
    leave?.addEventListener('abort', () => resolve());
  });
  const latencyMs = options.chaos?.latencyMs ?? 0;
  const send = async (message: unknown) => {
    if (latencyMs > 0 && !('method' in (message as JSONRPCMessage))) await sleep(latencyMs, undefined, { ref: false });
    await wire.send(message as JSONRPCMessage).catch(() => {});
  };
  const lanes = { '2026-07-28': createLane(send), '2025-11-25': createLane(send) };
  const modern = serveStdio(createServerFactory(demo), { legacy: 'reject', transport: lanes['2026-07-28'] });
  const legacy = createTaskServer(demo, createResultStream(demo));
  await legacy.connect(lanes['2025-11-25'] as TransportV1);
  notifyStatus(demo, legacy, 'stdio');
  const subscriptions = createSubscriptions((listen, onEnd) => openSubscription(demo, listen, send, onEnd));

  let revision: Revision = options.revision ?? '2025-11-25';
  wire.onmessage = (message) => {
    revision = options.revision ?? revisionOf(message, revision);
    const listen = revision === '2026-07-28' ? parseListen(message) : undefined;
    const refusal = listen === undefined ? undefined : refusalOf(listen);
    if (refusal !== undefined) void send(refusal);
    else if (listen !== undefined) subscriptions.open(listen);
    else if (!subscriptions.cancelledBy(message)) lanes[revision].deliver(message);
  };
  await wire.start();
  if (leave?.aborted !== true) await ended;
  subscriptions.endAll();
  await Promise.all([modern.close(), legacy.close(), pages.stop()]);
  await wire.close();
  demo.engine.stop();
  demo.db.close();
}

function createSubscriptions(open: (listen: ListenRequest, onEnd: () => void) => Subscription) {
  const all = new Map<RequestId, Subscription>();
  return {
    open(listen: ListenRequest): void {
      let over = false;
      const subscription = open(listen, () => {
        over = true;
        all.delete(listen.id);
      });
      if (!over) all.set(listen.id, subscription);
    },
    /** Whether this message was the end of one of them. */
    cancelledBy(message: JSONRPCMessage): boolean {
      if (!('method' in message) || message.method !== 'notifications/cancelled') return false;
      const subscription = all.get(message.params?.requestId as RequestId);
      subscription?.end(false);
      return subscription !== undefined;
    },
    endAll(): void {
      for (const subscription of all.values()) subscription.end(true);
    },
  };
}
