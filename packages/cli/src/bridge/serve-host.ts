import type { Readable, Writable } from 'node:stream';
import type { JsonObject } from '@mcp-tasks/client';
import type { Transport as TransportV1 } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { ServerNotification } from '@modelcontextprotocol/sdk/types.js';
import type { JSONRPCMessage, Transport } from '@modelcontextprotocol/server';
import { PROTOCOL_VERSION_META_KEY } from '@modelcontextprotocol/server';
import { StdioServerTransport, serveStdio } from '@modelcontextprotocol/server/stdio';
import type { Front } from './front.ts';
import { createServer20251125 } from './front-2025-11-25.ts';
import { createServer20260728 } from './front-2026-07-28.ts';
import { createTaskListener } from './listen-2026-07-28.ts';

/** A host at the other end of two streams. */
export interface HostLine {
  /** Settles when the host has left. */
  readonly ended: Promise<void>;
  notify(method: string, params: JsonObject): void;
  close(): Promise<void>;
}

/** Serves the host in the revision it speaks: each request of 2026-07-28 names it, all others are of the ones before. */
export async function serveHost(front: Front, input: Readable, output: Writable): Promise<HostLine> {
  const wire = new StdioServerTransport(input, output);
  const send = (message: JSONRPCMessage): Promise<void> => wire.send(message).catch(() => undefined);
  const modernLane = createLane(send);
  const legacyLane = createLane(send);
  const modern = serveStdio(() => createServer20260728(front), { legacy: 'reject', transport: modernLane });
  const legacy = createServer20251125(front);
  await legacy.connect(legacyLane as TransportV1);
  const listener = createTaskListener(front, send);
  let speaks: 'modern' | 'legacy' = 'legacy';
  const ended = new Promise<void>((resolve) => {
    wire.onclose = resolve;
    input.once('end', resolve);
    input.once('close', resolve);
  });
  wire.onmessage = (message) => {
    speaks = isModern(message) ? 'modern' : 'id' in message ? 'legacy' : speaks;
    if (speaks === 'legacy') legacyLane.deliver(message);
    else if (!listener.takes(message)) modernLane.deliver(message);
  };
  await wire.start();
  return {
    ended,
    notify(method, params) {
      if (speaks === 'legacy')
        void legacy.notification({ method, params } as ServerNotification).catch(() => undefined);
    },
    async close() {
      listener.close();
      await Promise.all([modern.close(), legacy.close()]);
      await wire.close();
    },
  };
}

interface Lane extends Transport {
  deliver(message: JSONRPCMessage): void;
}

function createLane(send: (message: JSONRPCMessage) => Promise<void>): Lane {
  const lane: Lane = {
    async start() {},
    send,
    async close() {
      lane.onclose?.();
    },
    deliver: (message) => lane.onmessage?.(message),
  };
  return lane;
}

function isModern(message: JSONRPCMessage): boolean {
  if (!('method' in message)) return false; // a response: only a server of the revisions before asks
  const meta = message.params?._meta;
  return typeof meta === 'object' && meta !== null && Object.hasOwn(meta, PROTOCOL_VERSION_META_KEY);
}
