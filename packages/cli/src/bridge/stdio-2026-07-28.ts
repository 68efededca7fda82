import { mcp20260728 } from '@mcp-tasks/client/serve';
import type { JSONRPCMessage, Server } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { createLane } from '../mcp-server/lane.ts';
import { createStdioSubscriptions } from '../mcp-server/stdio-subscriptions.ts';
import type { Front } from './front.ts';
import { createServer20260728 } from './front-2026-07-28.ts';
import type { RevisionServer } from './lazy-lane.ts';

const SUBSCRIBED: ReadonlySet<string> = new Set([
  'notifications/tools/list_changed',
  'notifications/resources/list_changed',
  'notifications/resources/updated',
  'notifications/prompts/list_changed',
]);

/** Serves a host of 2026-07-28 over stdio. */
export async function openStdio20260728(
  front: Front,
  send: (message: object) => Promise<void>,
): Promise<RevisionServer> {
  const lane = createLane(send);
  let connected: Server | undefined;
  const connect = (): Server => {
    connected = createServer20260728(front);
    return connected;
  };
  const server = serveStdio(connect, { legacy: 'reject', transport: lane });
  const subscriptions = createStdioSubscriptions(
    (listen, notify) => mcp20260728.openSubscription(listen, front.tasks, notify),
    (message) => void send(message),
  );
  return {
    deliver(parsed) {
      const message = parsed as unknown as JSONRPCMessage;
      if (!subscriptions.handle(message)) lane.deliver(message);
    },
    notify(method, params) {
      // The SDK sends these to the subscriptions that include them, and all other notifications to every host.
      if (SUBSCRIBED.has(method)) void connected?.notification({ method, params } as never).catch(() => undefined);
    },
    async close() {
      subscriptions.close();
      await server.close();
    },
  };
}
