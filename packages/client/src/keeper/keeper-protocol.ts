import type { JsonObject } from '../task/json.ts';

/** Grows when a front of one version cannot speak to a keeper of another. */
export const KEEPER_VERSION = 1;

/** What a front asks of a keeper. */
export const methods = {
  /** → {@link KeeperHello} */
  hello: 'keeper/hello',
  /** {@link StartRequest} → {@link StartReply} */
  start: 'keeper/start',
  /** `{ method, params }` → the server's raw result: what the bridge only passes through. */
  forward: 'keeper/forward',
  /** Ends the keeper, and with it a server that is its child. → `{}` */
  stop: 'keeper/stop',
  /** Notification of the keeper: `{ method, params }`, as the server sent it. */
  notified: 'keeper/notified',
} as const;

/** Who answers. */
export interface KeeperHello {
  readonly version: number;
  readonly pid: number;
  /** Of the server, for people. */
  readonly label: string;
  readonly fingerprint: string;
  /** How many fronts use it now. */
  readonly fronts: number;
  /** What was negotiated with the server. */
  readonly server: { readonly name: string; readonly version: string };
  readonly capabilities: JsonObject;
  readonly instructions: string | null;
  readonly revision: string;
}

/** One call. */
export interface StartRequest {
  readonly name: string;
  readonly arguments: JsonObject;
  /** An open call of this key is joined. @default a call of its own */
  readonly key: string | null;
  readonly labels: Readonly<Record<string, string>>;
}

/** The record of the call, that was begun or joined. */
export interface StartReply {
  readonly id: string;
}
