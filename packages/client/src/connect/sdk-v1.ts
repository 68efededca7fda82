import { LATEST_PROTOCOL_VERSION } from '@modelcontextprotocol/sdk/types.js';
import type { Connection } from './connection.ts';
import { watchHost } from './http/http-watch.ts';
import { connectionOver } from './wire/connection-over.ts';
import { type FromSdkOptions, type HostClient, identityOf, negotiatedBy, wireOf } from './wire/host.ts';

export type { FromSdkOptions, HostClient } from './wire/host.ts';

/**
 * Tasks over a connected `Client` of `@modelcontextprotocol/sdk` 1.x. The client's own requests, handlers, timeouts and
 * authorisation do not change.
 * @throws {TaskError} `closed` when the client is not connected
 */
export function fromSdkV1(client: HostClient, options: FromSdkOptions = {}): Connection {
  const wire = wireOf(client);
  // Only the SDK's HTTP transport stores the revision. Else assume the newest of SDK 1.x, the only one with tasks.
  const { protocolVersion = LATEST_PROTOCOL_VERSION } = wire as { readonly protocolVersion?: string };
  const negotiated = negotiatedBy(client, protocolVersion);
  return connectionOver(wire, {
    identity: identityOf(options, negotiated),
    negotiated: () => negotiated,
    ownsWire: false,
    hostTasks: options.hostTasks,
    run: watchHost(wire),
    // The SDK's HTTP transport reports a broken stream without the request it belonged to.
    suspects: 'terminateSession' in wire ? (method) => method === 'tasks/result' : undefined,
    questions: options.questions === 'handlers' ? 'none' : 'of-tasks',
  });
}
