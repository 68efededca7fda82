import type { JsonObject } from '../task/json.ts';
import type { Outcome } from '../task/task.ts';

/** Grows when a front of one version cannot speak to a keeper of another. */
export const KEEPER_VERSION = 3;

/** What a front asks of a keeper. */
export const methods = {
  /** `{ lingerMs }` → {@link KeeperHello} */
  hello: 'keeper/hello',
  /** {@link StartRequest} → {@link StartReply} */
  start: 'keeper/start',
  /** `FollowRequest` → {@link StartReply}: a job that was begun elsewhere. */
  follow: 'keeper/follow',
  /** `{ id }` → `{}`: a task on record is followed, where no other process drives it. */
  takeUp: 'keeper/take-up',
  /** `{ method, params }` → the server's raw result: what the bridge only passes through. */
  forward: 'keeper/forward',
  /** `{}` → `{ tools }`: as the server wrote them, and its jobs, each of which hides a tool of its name. */
  tools: 'keeper/tools',
  /** Ends the keeper, and with it a server that is its child. → `{}` */
  stop: 'keeper/stop',
  /** Notification of the keeper: `{ method, params }`, as the server sent it. */
  notified: 'keeper/notified',
  /** Notification of the keeper: `{ id }` of a record that has changed. */
  changed: 'keeper/changed',
  /** Notification of the keeper: a {@link KeeperNotice}. */
  notice: 'keeper/notice',
} as const;

/** What a keeper tells its fronts by itself. Everything else is in the records. */
export type KeeperNotice =
  /** Waiting for this task makes no sense for now, although it is not settled. */
  | { readonly kind: 'blocked'; readonly id: string; readonly outcome: Outcome }
  /** The server is started once more, and why. */
  | { readonly kind: 'restarted'; readonly reason: string }
  /** A line of the server's standard error. */
  | { readonly kind: 'said'; readonly line: string }
  /** The keeper ends in good order, and why. Without it, it was killed. */
  | { readonly kind: 'ending'; readonly reason: string };

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
  /** Requested retention, in ms. @default the server's */
  readonly ttlMs?: number | undefined;
  /** Whom its questions are for. @default everybody */
  readonly audience?: readonly string[] | undefined;
  /** The record whose call this one makes again. */
  readonly rerunOf?: string | undefined;
  /** When an open call has the key. @default 'join' */
  readonly onExisting?: 'join' | 'refuse' | undefined;
}

/** The record of the call, that was begun or joined. */
export interface StartReply {
  /** The local id. */
  readonly id: string;
}
