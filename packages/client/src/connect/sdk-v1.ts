import { LATEST_PROTOCOL_VERSION } from '@modelcontextprotocol/sdk/types.js';
import type { Connection } from './connection.ts';
import { watchHost } from './http/http-watch.ts';
import { connectionOver } from './wire/connection-over.ts';
import { type FromSdkOptions, type HostClient, identityOf, negotiatedBy, wireOf } from './wire/host.ts';

export type { FromSdkOptions, HostClient } from './wire/host.ts';

/**
 * Tasks over a connected `Client` of `@modelcontextprotocol/sdk` 1.x. The client goes on as before: its requests,
 * handlers, timeouts and authorisation are its own.
 * @throws {TaskError} `closed` when the client is not connected
 */
export function fromSdkV1(client: HostClient, options: FromSdkOptions = {}): Connection {
  const wire = wireOf(client);
  // Only its HTTP transport is told the revision; tasks came with the newest that this line speaks.
  const { protocolVersion = LATEST_PROTOCOL_VERSION } = wire as { readonly protocolVersion?: string };
  const negotiated = negotiatedBy(client, protocolVersion);
  return connectionOver(wire, {
    identity: identityOf(options, negotiated),
    negotiated: () => negotiated,
    ownsWire: false,
    hostTasks: options.hostTasks,
    run: watchHost(wire),
    // Its HTTP transport reports a broken stream without saying whose it was.
    suspects: 'terminateSession' in wire ? (method) => method === 'tasks/result' : undefined,
    questions: options.questions === 'handlers' ? 'none' : 'of-tasks',
  });
}
