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
  /** Notification of the keeper: `{ id }` of a record that has changed. */
  changed: 'keeper/changed',
} as const;

/** Who answers. */
export interface KeeperHello {
  /** Of this protocol. */
  readonly version: number;
  /** Of the keeper's process. */
  readonly pid: number;
  /** Of the server, for people. */
  readonly label: string;
  /** Of the server, as its records name it. */
  readonly fingerprint: string;
  /** How many fronts use it now. */
  readonly fronts: number;
  /** What was negotiated with the server. */
  readonly server: { readonly name: string; readonly version: string };
  /** What the server offers, as it said it. */
  readonly capabilities: JsonObject;
  /** What the server says to models about using it. */
  readonly instructions: string | null;
  /** The revision's date, as negotiated. */
  readonly revision: string;
}

/** One call. */
export interface StartRequest {
  /** The tool's name. */
  readonly name: string;
  /** As they are sent. */
  readonly arguments: JsonObject;
  /** An open call of this key is joined. @default a call of its own */
  readonly key: string | null;
  /** On the record. */
  readonly labels: Readonly<Record<string, string>>;
}

/** The record of the call, that was begun or joined. */
export interface StartReply {
  /** The local id. */
  readonly id: string;
}
