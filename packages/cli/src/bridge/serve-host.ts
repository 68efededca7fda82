import type { Readable, Writable } from 'node:stream';
import type { JsonObject } from '@mcp-tasks/client';
import { mcp20260728 } from '@mcp-tasks/client/serve';
import type { Transport as TransportV1 } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { ServerNotification } from '@modelcontextprotocol/sdk/types.js';
import type { JSONRPCMessage } from '@modelcontextprotocol/server';
import { StdioServerTransport, serveStdio } from '@modelcontextprotocol/server/stdio';
import { createLane, revisionOf } from '../mcp-server/lane.ts';
import { createLineSubscriptions } from '../mcp-server/line-subscriptions.ts';
import type { Front } from './front.ts';
import { createServer20251125 } from './front-2025-11-25.ts';
import { createServer20260728 } from './front-2026-07-28.ts';

/** A host connected by two streams. */
export interface HostLine {
  /** Settles when the host disconnects. */
  readonly ended: Promise<void>;
  notify(method: string, params: JsonObject): void;
  close(): Promise<void>;
}

/** Serves the host in its revision: requests of 2026-07-28 name it, all others belong to earlier revisions. */
export async function serveHost(front: Front, input: Readable, output: Writable): Promise<HostLine> {
  const wire = new StdioServerTransport(input, output);
  const send = (message: JSONRPCMessage): Promise<void> => wire.send(message).catch(() => undefined);
  const lanes = { '2026-07-28': createLane(send), '2025-11-25': createLane(send) };
  const modern = serveStdio(() => createServer20260728(front), { legacy: 'reject', transport: lanes['2026-07-28'] });
  const legacy = createServer20251125(front);
  await legacy.connect(lanes['2025-11-25'] as TransportV1);
  const subscriptions = createLineSubscriptions(
    (listen, tell) => mcp20260728.openSubscription(listen, front.tasks, tell),
    (message) => void send(message as unknown as JSONRPCMessage),
  );
  let revision: keyof typeof lanes = '2025-11-25';
  const ended = new Promise<void>((resolve) => {
    wire.onclose = resolve;
    input.once('end', resolve);
    input.once('close', resolve);
  });
  wire.onmessage = (message) => {
    revision = revisionOf(message, revision);
    if (revision === '2025-11-25' || !subscriptions.takes(message)) lanes[revision].deliver(message);
  };
  await wire.start();
  return {
    ended,
    notify(method, params) {
      if (revision === '2025-11-25')
        void legacy.notification({ method, params } as ServerNotification).catch(() => undefined);
    },
    async close() {
      subscriptions.close();
      await Promise.all([modern.close(), legacy.close()]);
      await wire.close();
    },
  };
}
