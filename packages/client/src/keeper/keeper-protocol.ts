import type { JsonObject } from '../task/json.ts';
import type { Outcome } from '../task/task.ts';

/** Protocol version: grows when fronts and keepers of two versions are incompatible. */
export const KEEPER_VERSION = 4;

/** Requests of a front, and notifications of a keeper. */
export const methods = {
  /** `{ lingerMs, answers }` → {@link KeeperHello} */
  hello: 'keeper/hello',
  /** `{ method, params }` of the keeper to a front → the result: what the front's host answers. */
  ask: 'keeper/ask',
  /** {@link StartRequest} → {@link StartReply} */
  start: 'keeper/start',
  /** `FollowRequest` → {@link StartReply}: follows a job that was started elsewhere. */
  follow: 'keeper/follow',
  /** `{ id }` → `{}`: follows a recorded task, unless another process drives it. */
  resume: 'keeper/resume',
  /** `{ method, params }` → the server's raw result: a request that the bridge passes through. */
  forward: 'keeper/forward',
  /** `{}` → `{ tools }`: the server's tools unchanged, and its jobs; a job hides a tool of its name. */
  tools: 'keeper/tools',
  /** Ends the keeper, and a server that is its child. → `{}` */
  stop: 'keeper/stop',
  /** Notification: `{ method, params }` of a server notification, unchanged. */
  notified: 'keeper/notified',
  /** Notification: `{ id }` of a record that changed. */
  changed: 'keeper/changed',
  /** Notification: a {@link KeeperNotice}. */
  notice: 'keeper/notice',
} as const;

/** Events that a keeper reports to its fronts; the state of tasks is in the records. */
export type KeeperNotice =
  /** A task is blocked: it is not settled, but further waiting does not help now. */
  | { readonly kind: 'blocked'; readonly id: string; readonly outcome: Outcome }
  /** The server is being restarted, and why. */
  | { readonly kind: 'restarted'; readonly reason: string }
  /** A line of the server's standard error. */
  | { readonly kind: 'said'; readonly line: string }
  /** The keeper is shutting down, and why. A killed keeper does not send it. */
  | { readonly kind: 'ending'; readonly reason: string };

/** The keeper's answer to `hello`. */
export interface KeeperHello {
  /** Version of this protocol. */
  readonly version: number;
  /** Process id of the keeper. */
  readonly pid: number;
  /** Label of the server, for people. */
  readonly label: string;
  /** Fingerprint of the server, as in its records. */
  readonly fingerprint: string;
  /** Number of connected fronts. */
  readonly fronts: number;
  /** Name and version that the server reports. */
  readonly server: { readonly name: string; readonly version: string };
  /** Capabilities, as the server declared them. */
  readonly capabilities: JsonObject;
  /** The server's instructions for models. */
  readonly instructions: string | null;
  /** Date of the negotiated revision. */
  readonly revision: string;
}

/** One call to start. */
export interface StartRequest {
  /** Name of the tool. */
  readonly name: string;
  /** Arguments of the call. */
  readonly arguments: JsonObject;
  /** Key: an open call with this key is joined. @default null, a new call */
  readonly key: string | null;
  /** Labels of the record. */
  readonly labels: Readonly<Record<string, string>>;
  /** Requested retention, in ms. @default the server's */
  readonly ttlMs?: number | undefined;
  /** People who may answer its questions. @default everybody */
  readonly audience?: readonly string[] | undefined;
  /** Record of the call that this one repeats. */
  readonly rerunOf?: string | undefined;
  /** What to do if an open call has the key. @default 'join' */
  readonly onExisting?: 'join' | 'refuse' | undefined;
}

/** The started or joined call. */
export interface StartReply {
  /** Local id of its record. */
  readonly id: string;
}
