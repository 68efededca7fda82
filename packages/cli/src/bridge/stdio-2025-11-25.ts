import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { createLane } from '../mcp-server/lane.ts';
import type { Front } from './front.ts';
import { createServer20251125 } from './front-2025-11-25.ts';
import type { RevisionServer } from './lazy-lane.ts';

/** Serves a host of 2025-11-25 or earlier over stdio. */
export async function openStdio20251125(
  front: Front,
  send: (message: object) => Promise<void>,
): Promise<RevisionServer> {
  const lane = createLane(send);
  const server = createServer20251125(front);
  await server.connect(lane as Transport);
  return {
    deliver: (message) => lane.deliver(message as never),
    notify: (method, params) => void send({ jsonrpc: '2.0', method, params }),
    close: () => server.close(),
  };
}
