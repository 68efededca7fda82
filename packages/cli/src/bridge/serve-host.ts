import type { Readable, Writable } from 'node:stream';
import type { JsonObject } from '@mcp-tasks/client';
import { revisionOf } from '../mcp-server/lane.ts';
import type { Revision } from '../mcp-server/revision.ts';
import type { ServerDescription } from './bridge-cache.ts';
import { firstAnswer } from './first-answers.ts';
import { bridgeToolNames, type Front, type Notify } from './front.ts';
import { capabilitiesIn, createHostQueries, type HostQueries } from './host-requests.ts';
import { openHostWire } from './host-wire.ts';
import { createLazyLane } from './lazy-lane.ts';

export interface ServeHostOptions {
  /** The description of the server, when it is known. */
  readonly description: () => ServerDescription | undefined;
  readonly modelMayAnswer: boolean;
  /** The front, for requests that the description does not answer. */
  readonly front: () => Promise<Front>;
  /** Called with the capabilities that a message declares, before the message is handled. */
  readonly onCapabilities: (capabilities: JsonObject, revision: Revision) => void;
  /** Called with each request that was answered from the description. */
  readonly onAnswered: (request: JsonObject) => void;
  /** The server of a revision could not be loaded or opened. */
  readonly onFailure: (error: unknown) => void;
}

/** A host connected by two streams. */
export interface HostConnection {
  /** Settles when the host disconnects. */
  readonly ended: Promise<void>;
  readonly notify: Notify;
  /** Asks a host of 2025-11-25 or earlier. */
  readonly ask: HostQueries['ask'];
  close(): Promise<void>;
}

/**
 * Serves the host in its revision: requests of 2026-07-28 name it, all others belong to earlier revisions. The
 * description of the server answers the first requests at once; any other request loads the server of its revision.
 */
export function serveHost(options: ServeHostOptions, input: Readable, output: Writable): HostConnection {
  const { description, modelMayAnswer, front, onCapabilities, onAnswered, onFailure } = options;
  /** Requests answered here that the server of 2025-11-25 has to see as well: its replies to them are dropped. */
  const answered = new Set<unknown>();
  let revision: Revision = '2025-11-25';
  const wire = openHostWire(input, output, receive);
  const send = async (message: object): Promise<void> => {
    const isReply = !('method' in message);
    if (isReply && 'id' in message && answered.delete(message.id)) return;
    await wire.send(message);
  };
  const queries = createHostQueries(wire.send);
  const lanes = {
    '2025-11-25': createLazyLane(async () => {
      const { openStdio20251125 } = await import('./stdio-2025-11-25.ts');
      return openStdio20251125(await front(), send);
    }, onFailure),
    '2026-07-28': createLazyLane(async () => {
      const { openStdio20260728 } = await import('./stdio-2026-07-28.ts');
      return openStdio20260728(await front(), send);
    }, onFailure),
  };

  /** The result of a first request; `undefined` once its server is loaded. */
  function resultOf(message: JsonObject): JsonObject | undefined {
    const known = description();
    if (known === undefined || lanes[revision].isLoaded) return undefined;
    return firstAnswer(message, known, bridgeToolNames(known.tools, modelMayAnswer));
  }

  function receive(message: JsonObject): void {
    if (queries.handle(message)) return;
    revision = revisionOf(message, revision);
    const capabilities = capabilitiesIn(message);
    if (capabilities !== undefined) onCapabilities(capabilities, revision);
    const lane = lanes[revision];
    const { id, method } = message;
    // A notification needs no answer: no server is loaded for it.
    if (id === undefined) {
      lane.keep(message);
      return;
    }
    const result = resultOf(message);
    if (result === undefined) {
      lane.deliver(message);
      return;
    }
    if (method === 'initialize') {
      answered.add(id);
      lane.keep(message);
    }
    void wire.send({ jsonrpc: '2.0', id, result }).then(() => onAnswered(message));
  }

  return {
    ended: wire.ended,
    ask: queries.ask,
    notify(method, params) {
      // Hosts of 2025-11-25 receive notifications without a subscription.
      if (revision === '2025-11-25') void wire.send({ jsonrpc: '2.0', method, params });
      else lanes[revision].notify(method, params);
    },
    async close() {
      await Promise.all(Object.values(lanes).map((lane) => lane.close()));
      queries.end();
      wire.close();
    },
  };
}
