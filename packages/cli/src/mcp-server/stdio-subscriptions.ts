import { mcp20260728, type ServeRefusal } from '@mcp-tasks/client/serve';
import type { JSONRPCMessage } from '@modelcontextprotocol/server';

type Send = (message: mcp20260728.ServedMessage) => void;

/** Opens a subscription to tasks, which the SDK's router does not support. */
export type OpenSubscription = (listen: mcp20260728.ListenRequest, send: Send) => mcp20260728.Subscription;

/** `subscriptions/listen` with task ids on a stdio connection. */
export interface StdioSubscriptions {
  /** Handles a subscription request or its cancellation; returns false for other messages. */
  handle(message: JSONRPCMessage): boolean;
  close(): void;
}

export function createStdioSubscriptions(openOne: OpenSubscription, send: Send): StdioSubscriptions {
  const open = new Map<mcp20260728.RequestId, mcp20260728.Subscription>();

  function begin(listen: mcp20260728.ListenRequest): void {
    const refusal = mcp20260728.refusalOf(listen);
    if (refusal !== undefined) {
      send(refusalMessage(listen.id, refusal));
      return;
    }
    const subscription = openOne(listen, send);
    open.set(listen.id, subscription);
    void subscription.ended.then(() => {
      if (open.get(listen.id) === subscription) open.delete(listen.id);
    });
  }

  return {
    handle(message) {
      if ('method' in message && message.method === 'notifications/cancelled') {
        const subscription = open.get(message.params?.requestId as mcp20260728.RequestId);
        subscription?.end(false);
        return subscription !== undefined;
      }
      const listen = mcp20260728.parseListen(message);
      if (listen !== undefined) begin(listen);
      return listen !== undefined;
    },
    close() {
      for (const subscription of open.values()) subscription.end(true);
    },
  };
}

export function refusalMessage(
  id: mcp20260728.RequestId,
  { code, message, data }: ServeRefusal,
): mcp20260728.ServedMessage {
  return { jsonrpc: '2.0', id, error: data === undefined ? { code, message } : { code, message, data } };
}
