import type { Connection } from './connection.ts';
import type { FromSdkOptions, HostClientV2 } from './wire/host.ts';
import { overClient } from './wire/over-client.ts';

export type { FromSdkOptions, HostClient, HostClientV2 } from './wire/host.ts';

/**
 * Tasks over a connected `Client` of `@modelcontextprotocol/client` 2.x, in either era. The client's own requests,
 * handlers, timeouts and authorisation do not change.
 * @throws {TaskError} `closed` when the client is not connected
 */
export function fromSdkV2(client: HostClientV2, options: FromSdkOptions = {}): Connection {
  return overClient(client, options);
}
