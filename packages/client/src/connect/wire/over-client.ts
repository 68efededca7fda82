import type { Connection, Negotiated } from '../connection.ts';
import { watchHost } from '../http/http-watch.ts';
import type { PollWire } from '../http/poll-wire.ts';
import { connectionOver, withTasks } from './connection-over.ts';
import type { Run } from './deliver.ts';
import { askHandlers, envelopeOf } from './envelope.ts';
import { type FromSdkOptions, type HostClientV2, identityOf, negotiatedBy, wireOf } from './host.ts';

/** What only `connect` knows of the client it made itself. */
export interface OwnClient {
  readonly run?: Run | undefined;
  readonly isWaiting?: (() => boolean) | undefined;
  readonly polls?: PollWire | undefined;
  readonly negotiated?: Negotiated | undefined;
  /** The questions it has declared that it answers. */
  readonly asked?: ReadonlySet<string> | undefined;
}

/** Tasks over a client of SDK 2.x, a host's or our own. */
export function overClient(client: HostClientV2, options: FromSdkOptions, own?: OwnClient): Connection {
  const wire = wireOf(client);
  const negotiated = own?.negotiated ?? negotiatedBy(client, client.getNegotiatedProtocolVersion() ?? '');
  // Where requests carry an envelope, servers send none to us.
  const envelope = own?.negotiated === undefined ? envelopeOf(client, wire) : undefined;
  const byHandlers = options.questions === 'handlers';
  return connectionOver(wire, {
    identity: identityOf(options, negotiated),
    negotiated: () => negotiated,
    envelope: envelope === undefined ? undefined : withTasks(envelope),
    run: own === undefined ? watchHost(wire) : own.run,
    isWaiting: own?.isWaiting,
    polls: own?.polls,
    asked: own?.asked,
    hostTasks: options.hostTasks,
    ownsWire: own !== undefined,
    questions: envelope !== undefined || byHandlers ? 'none' : own === undefined ? 'of-tasks' : 'all',
    askHost: byHandlers && envelope !== undefined ? askHandlers(client, wire) : undefined,
  });
}
