import type { Readable, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Transport as TransportV1 } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { JSONRPCMessage } from '@modelcontextprotocol/server';
import { StdioServerTransport, serveStdio } from '@modelcontextprotocol/server/stdio';
import { createLane, revisionOf } from '../mcp-server/lane.ts';
import type { Revision } from '../mcp-server/revision.ts';
import { createStdioSubscriptions } from '../mcp-server/stdio-subscriptions.ts';
import { createDemo } from './demo.ts';
import type { DemoOptions } from './options.ts';
import { servePages } from './pages.ts';
import { createTaskServer, notifyStatus } from './rev-2025-11-25/server.ts';
import { createServerFactory } from './rev-2026-07-28/server.ts';
import { subscriptionsOf } from './rev-2026-07-28/subscriptions.ts';

/** Serves one client over two streams, in the client's revision, until the input ends or `signal` aborts. */
export async function serveDemoStdio(
  options: DemoOptions,
  stdin: NodeJS.ReadableStream,
  stdout: NodeJS.WritableStream,
  signal?: AbortSignal,
): Promise<void> {
  let pageBase = '';
  const demo = await createDemo(options, () => pageBase);
  const pages = await servePages(demo);
  pageBase = pages.base;

  const wire = new StdioServerTransport(stdin as Readable, stdout as Writable);
  const ended = new Promise<void>((resolve) => {
    wire.onclose = resolve;
    signal?.addEventListener('abort', () => resolve());
  });
  const latencyMs = options.chaos?.latencyMs ?? 0;
  const send = async (message: unknown) => {
    if (latencyMs > 0 && !('method' in (message as JSONRPCMessage))) await sleep(latencyMs, undefined, { ref: false });
    await wire.send(message as JSONRPCMessage).catch(() => {});
  };
  const lanes = { '2026-07-28': createLane(send), '2025-11-25': createLane(send) };
  const modern = serveStdio(createServerFactory(demo), { legacy: 'reject', transport: lanes['2026-07-28'] });
  const legacy = createTaskServer(demo, 'stdio');
  await legacy.connect(lanes['2025-11-25'] as TransportV1);
  notifyStatus(demo, legacy, 'stdio');
  const subscriptions = createStdioSubscriptions(subscriptionsOf(demo), (message) => void send(message));

  let revision: Revision = options.revision ?? '2025-11-25';
  wire.onmessage = (message) => {
    revision = options.revision ?? revisionOf(message, revision);
    if (revision === '2025-11-25' || !subscriptions.handle(message)) lanes[revision].deliver(message);
  };
  await wire.start();
  if (signal?.aborted !== true) await ended;
  subscriptions.close();
  await Promise.all([modern.close(), legacy.close(), pages.stop()]);
  await wire.close();
  await demo.stop();
}
