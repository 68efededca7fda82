import type { JSONRPCMessage, Transport } from '@modelcontextprotocol/server';
import { PROTOCOL_VERSION } from './meta-keys.ts';
import type { Revision } from './revision.ts';

/** A transport for the server of one revision, on a stdio connection that two revisions share. */
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

/** The revision of a message on a shared connection: a request names it, other messages belong to the last one used. */
export function revisionOf(message: object, last: Revision): Revision {
  if (!('method' in message)) return '2025-11-25'; // only servers of 2025-11-25 send requests
  const { params } = message as { readonly params?: { readonly _meta?: object | null } | null };
  if (Object.hasOwn(params?._meta ?? {}, PROTOCOL_VERSION)) return '2026-07-28';
  return 'id' in message ? '2025-11-25' : last;
}
