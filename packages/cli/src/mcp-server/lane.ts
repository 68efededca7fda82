import type { JSONRPCMessage, Transport } from '@modelcontextprotocol/server';
import { PROTOCOL_VERSION_META_KEY } from '@modelcontextprotocol/server';
import type { Revision } from './revision.ts';

/** One end of the line, as a transport for the server of one revision. */
export interface Lane extends Transport {
  readonly deliver: (message: JSONRPCMessage) => void;
}

export function createLane(send: (message: JSONRPCMessage) => Promise<void>): Lane {
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

/**
 * Which revision a message on a shared line is of. A request says so itself; what else comes belongs to the
 * one that was spoken last.
 */
export function revisionOf(message: JSONRPCMessage, last: Revision): Revision {
  if (!('method' in message)) return '2025-11-25'; // only there does a server ask
  const meta = message.params?._meta as Readonly<Record<string, unknown>> | undefined;
  if (meta !== undefined && Object.hasOwn(meta, PROTOCOL_VERSION_META_KEY)) return '2026-07-28';
  return 'id' in message ? '2025-11-25' : last;
}
