import type { Failure } from '../task/failure.ts';
import type { ServerIdentity } from '../task/record.ts';
import type { Connection, Dialect, Negotiated } from './connection.ts';
import type { RelayState } from './relay-state.ts';

/** How a relay opens and follows its server. */
export interface RelayOptions {
  /**
   * Opens a connection: for the first request, and for the next request after a connection ended. `last` is the
   * handshake's result of the previous connection.
   */
  readonly open: (last: Negotiated | undefined) => Promise<Connection>;
  /** An open connection to start with. @default the first request opens one */
  readonly first?: Connection | undefined;
  /** Identity of the server. @default the first connection's */
  readonly identity?: ServerIdentity | undefined;
  /**
   * Required protocol and revision: a server that speaks another one is refused. @default those of the first connection
   */
  readonly expected?: Negotiated | undefined;
  /** True accepts any revision, for requests that are the same in all. @default false */
  readonly anyRevision?: boolean | undefined;
  /** Dialect of the tasks before a connection is open. @default the first connection's */
  readonly dialect?: Dialect | undefined;
  /** How often a connection that ended by itself is reopened. @default no limit, with growing back-off */
  readonly maxReopens?: number | undefined;
  /** Called before a reopen, with the failure that ended the last connection. */
  readonly onReopen?: ((failure: Failure) => void) | undefined;
  /** Called at each change of the state. */
  readonly onState?: ((state: RelayState) => void) | undefined;
  /** Monotonic clock in ms. @default `performance.now` */
  readonly monotonic?: (() => number) | undefined;
}

/** A connection that outlives the real connections below it, and reopens them. */
export interface Relay extends Connection {
  /** Opens the connection if none is open. @throws {ConnectionFailure} */
  ready(): Promise<void>;
  /**
   * Replaces the open connection at once, ignoring the back-off: after a sign-in, or when a person asks. Requests in
   * flight on the old connection fail. @throws {ConnectionFailure}
   */
  reconnect(): Promise<void>;
}
