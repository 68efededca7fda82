import { TaskError } from '../../errors.ts';
import { digestOf } from '../../task/digest.ts';
import type { JsonObject } from '../../task/json.ts';
import type { ServerIdentity } from '../../task/record.ts';
import type { Negotiated } from '../connection.ts';
import type { Wire } from './wire.ts';

/** How to know a host's own client, and who answers questions. */
export interface FromSdkOptions {
  /** For people, and to know the server again after a restart. @default the name the server gives itself */
  readonly label?: string | undefined;
  /** Whom the server knows this client as; keeps the tasks of two accounts apart. Never a secret. @default one account */
  readonly account?: string | undefined;
  /** Who the server is, when the host knows better than its name. @default by its label */
  readonly identity?: ServerIdentity | undefined;
  /**
   * Who answers what a task asks: `updates` shows each question in `updates()` and waits for `answer()`; `handlers`
   * hands it to the request handlers (elicitation, sampling) that the host has set on its client.
   * @default 'updates'
   */
  readonly questions?: 'updates' | 'handlers' | undefined;
  /**
   * Lets a server put elicitation and sampling to us as tasks, which it then polls: core tasks with the client as the
   * one that keeps them. Whoever answers questions need not know. The host's client has to declare it when it connects:
   * `tasks: { requests: { elicitation: { create: {} }, sampling: { createMessage: {} } } }`.
   * @default false
   */
  readonly hostTasks?: boolean | undefined;
}

/**
 * What both SDK lines tell of a connected client. A client is known by its shape: whichever copy of an SDK made it, as an
 * ES module or through `require`.
 */
export interface HostClient {
  /** Set while it is connected. */
  readonly transport?: unknown;
  /** As the server declared them. */
  getServerCapabilities(): object | undefined;
  /** What the server calls itself. */
  getServerVersion(): { readonly name: string; readonly version: string } | undefined;
  /** What the server says to models about using it. */
  getInstructions(): string | undefined;
}

/** A client of SDK 2.x, which also tells what it negotiated and sends requests for us. */
export interface HostClientV2 extends HostClient {
  /** The revision's date. */
  getNegotiatedProtocolVersion(): string | undefined;
  /** Sends one request; asked with a request and a schema. */
  request(...request: never[]): Promise<unknown>;
}

export function wireOf(client: HostClient): Wire {
  if (client.transport !== undefined) return client.transport as Wire;
  throw new TaskError('closed', 'The client is not connected', { hint: 'Connect it before handing it over.' });
}

export function negotiatedBy(client: HostClient, revision: string): Negotiated {
  return {
    revision,
    server: client.getServerVersion() ?? { name: 'unknown', version: '' },
    capabilities: (client.getServerCapabilities() ?? {}) as JsonObject,
    instructions: client.getInstructions(),
    sessionId: wireOf(client).sessionId,
  };
}

export function identityOf({ identity, account, ...options }: FromSdkOptions, { server }: Negotiated): ServerIdentity {
  const { label = server.name } = options;
  if (identity !== undefined) return identity;
  const fingerprint = digestOf(['host', label]);
  const target = { kind: 'host', name: label } as const;
  return { fingerprint, label, target, ...(account === undefined ? {} : { account }) };
}
