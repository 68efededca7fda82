import type { Failure } from '../task/failure.ts';
import type { ServerIdentity } from '../task/record.ts';
import type { Connection, Dialect, Negotiated } from './connection.ts';
import type { RelayState } from './relay-state.ts';

/** How a relay reaches its server. */
export interface RelayOptions {
  /**
   * Opens a connection: for the first request, and for the next one after a connection has ended. It is told what the
   * connection before agreed on.
   */
  readonly open: (last: Negotiated | undefined) => Promise<Connection>;
  /** A connection that is open already. @default opened by the first request */
  readonly first?: Connection | undefined;
  /** Who the server is. @default as the first connection says */
  readonly identity?: ServerIdentity | undefined;
  /** What has to be agreed on: a server that speaks another revision is left. @default what the first connection agrees on */
  readonly expected?: Negotiated | undefined;
  /** Follow the server to whatever revision it speaks later: what is asked of it is the same in all. @default false */
  readonly anyRevision?: boolean | undefined;
  /** What its tasks speak, before a connection is open. @default as the first connection says */
  readonly dialect?: Dialect | undefined;
  /** How often a connection that ended by itself is opened anew. @default no limit, ever more slowly */
  readonly maxReopens?: number | undefined;
  /** Told before a connection is opened anew, with what ended the last one. */
  readonly onReopen?: ((failure: Failure) => void) | undefined;
  /** Told whenever the connection stands otherwise. */
  readonly onState?: ((state: RelayState) => void) | undefined;
  /** Time between two attempts, in ms. @default the process's */
  readonly monotonic?: (() => number) | undefined;
}

/** One connection to a server for as long as it is wanted, over as many real ones as that takes. */
export interface Relay extends Connection {
  /** Opens the connection, where none is open. @throws {ConnectionFailure} */
  ready(): Promise<void>;
  /**
   * Leaves the connection that is open, and opens another one without waiting for its time: after a sign-in, or because
   * a person wants it now. What is under way on the old one fails. @throws {ConnectionFailure}
   */
  reconnect(): Promise<void>;
}
