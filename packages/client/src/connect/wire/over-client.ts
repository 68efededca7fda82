import type { Connection, Negotiated } from '../connection.ts';
import { watchHost } from '../http/http-watch.ts';
import type { PollWire } from '../http/poll-wire.ts';
import { connectionOver, withTasks } from './connection-over.ts';
import type { Run } from './deliver.ts';
import { askHandlers, envelopeOf } from './envelope.ts';
import { type FromSdkOptions, type HostClientV2, identityOf, negotiatedBy, wireOf } from './host.ts';

/** Parts that only `connect` has, for a client it created. */
export interface OwnClient {
  readonly run?: Run | undefined;
  readonly isWaiting?: (() => boolean) | undefined;
  readonly polls?: PollWire | undefined;
  readonly negotiated?: Negotiated | undefined;
  readonly isSharedPipe?: boolean | undefined;
  /** Questions that the client declared. */
  readonly asked?: ReadonlySet<string> | undefined;
}

/** Tasks over a client of SDK 2.x, a host's or this library's own. */
export function overClient(client: HostClientV2, options: FromSdkOptions, own?: OwnClient): Connection {
  const wire = wireOf(client);
  const negotiated = own?.negotiated ?? negotiatedBy(client, client.getNegotiatedProtocolVersion() ?? '');
  // Servers of revisions with an envelope send no requests.
  const envelope = own?.negotiated === undefined ? envelopeOf(client, wire) : undefined;
  const byHandlers = options.questions === 'handlers';
  return connectionOver(wire, {
    identity: identityOf(options, negotiated),
    negotiated: () => negotiated,
    envelope: envelope === undefined ? undefined : withTasks(envelope),
    run: own === undefined ? watchHost(wire) : own.run,
    isWaiting: own?.isWaiting,
    polls: own?.polls,
    isSharedPipe: own?.isSharedPipe,
    asked: own?.asked,
    hostTasks: options.hostTasks,
    ownsWire: own !== undefined,
    questions: envelope !== undefined || byHandlers ? 'none' : own === undefined ? 'of-tasks' : 'all',
    askHost: byHandlers && envelope !== undefined ? askHandlers(client, wire) : undefined,
  });
}
