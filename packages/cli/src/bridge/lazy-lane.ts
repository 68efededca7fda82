import type { JsonObject } from '@mcp-tasks/client';
import type { Notify } from './front.ts';

/** The server of one revision for one host. */
export interface RevisionServer {
  deliver(message: JsonObject): void;
  /** Passes a notification of the bridged server on. */
  readonly notify: Notify;
  close(): Promise<void>;
}

/** The server of one revision; the first message that needs it loads it. */
export interface LazyLane {
  /** Whether the server is loaded, or is being loaded. */
  readonly isLoaded: boolean;
  /** Delivers the message: at once if the server is loaded, else before the message that loads it. */
  keep(message: JsonObject): void;
  /** Delivers the message, and loads the server if needed. */
  deliver(message: JsonObject): void;
  /** Dropped when the server is not loaded: nothing is subscribed then. */
  readonly notify: Notify;
  close(): Promise<void>;
}

export function createLazyLane(open: () => Promise<RevisionServer>, onFailure: (error: unknown) => void): LazyLane {
  const kept: JsonObject[] = [];
  let opened: Promise<RevisionServer> | undefined;

  async function openWithKept(): Promise<RevisionServer> {
    const server = await open();
    for (const message of kept.splice(0)) server.deliver(message);
    return server;
  }

  function deliver(message: JsonObject): void {
    opened ??= openWithKept();
    opened.then((server) => server.deliver(message)).catch(onFailure);
  }

  return {
    get isLoaded() {
      return opened !== undefined;
    },
    keep(message) {
      if (opened === undefined) kept.push(message);
      else deliver(message);
    },
    deliver,
    notify: (method, params) => void opened?.then((server) => server.notify(method, params)).catch(() => undefined),
    async close() {
      await (await opened?.catch(() => undefined))?.close();
    },
  };
}
