import { TaskError } from '../../errors.ts';
import { digestOf } from '../../task/digest.ts';
import type { JsonObject } from '../../task/json.ts';
import type { ServerIdentity } from '../../task/record.ts';
import type { Negotiated } from '../connection.ts';
import type { Wire } from './wire.ts';

/** How to know a host's own client, and who answers questions. */
export interface FromSdkOptions {
  /** For people, and to know the server again after a restart. @default the name the server gives itself */
  readonly label?: string;
  /** Whom the server knows this client as; keeps the tasks of two accounts apart. Never a secret. @default one account */
  readonly account?: string;
  /** Who the server is, when the host knows better than its name. @default by its label */
  readonly identity?: ServerIdentity;
  /**
   * Who answers what a task asks: `updates` shows each question in `updates()` and waits for `answer()`; `handlers`
   * hands it to the request handlers (elicitation, sampling) that the host has set on its client.
   * @default 'updates'
   */
  readonly questions?: 'updates' | 'handlers';
  /**
   * Lets a server put elicitation and sampling to us as tasks, which it then polls: core tasks with the client as the
   * one that keeps them. Whoever answers questions need not know. The host's client has to declare it when it connects:
   * `tasks: { requests: { elicitation: { create: {} }, sampling: { createMessage: {} } } }`.
   * @default false
   */
  readonly hostTasks?: boolean;
}

/** What both SDK lines tell of a connected client. */
export interface HostClient {
  readonly transport?: unknown;
  getServerCapabilities(): object | undefined;
  getServerVersion(): { readonly name: string; readonly version: string } | undefined;
  getInstructions(): string | undefined;
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
