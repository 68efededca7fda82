import { TaskError } from '../../errors.ts';
import { digestOf } from '../../task/digest.ts';
import type { JsonObject } from '../../task/json.ts';
import type { ServerIdentity } from '../../task/record.ts';
import type { Negotiated } from '../connection.ts';
import type { Wire } from './wire.ts';

/** Identity of a host's own client, and where its questions go. */
export interface FromSdkOptions {
  /** For people, and to recognize the server after a restart. @default the server's own name */
  readonly label?: string | undefined;
  /** Account at the server; keeps the tasks of two accounts apart. Never a secret. @default one account */
  readonly account?: string | undefined;
  /** Identity of the server, if the host knows a better one than the label. @default derived from the label */
  readonly identity?: ServerIdentity | undefined;
  /**
   * Where a task's questions go: `updates` shows them in `updates()` and waits for `answer()`; `handlers` calls the
   * request handlers (elicitation, sampling) of the host's client. @default 'updates'
   */
  readonly questions?: 'updates' | 'handlers' | undefined;
  /**
   * Lets a server send elicitation and sampling as tasks, which it then polls (core tasks, client as receiver).
   * Answering code does not change. The host's client must declare the capability when it connects:
   * `tasks: { requests: { elicitation: { create: {} }, sampling: { createMessage: {} } } }`.
   * @default false
   */
  readonly hostTasks?: boolean | undefined;
}

/**
 * The common part of a connected client of both SDK lines. Checked by shape: works with any copy of an SDK, ES module
 * or CommonJS.
 */
export interface HostClient {
  /** Set while the client is connected. */
  readonly transport?: unknown;
  /** Capabilities, as the server declared them. */
  getServerCapabilities(): object | undefined;
  /** Name and version that the server reports. */
  getServerVersion(): { readonly name: string; readonly version: string } | undefined;
  /** The server's instructions for models. */
  getInstructions(): string | undefined;
}

/** A client of SDK 2.x, which also reports the negotiated revision and sends requests. */
export interface HostClientV2 extends HostClient {
  /** Date of the negotiated revision. */
  getNegotiatedProtocolVersion(): string | undefined;
  /** Sends one request; takes a request and a schema. */
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
