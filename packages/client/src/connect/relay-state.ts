import type { Connection, ConnectionFailure, Failure } from './connection.ts';

/** How the connection of a relay stands. */
export type RelayState =
  /** Nothing was asked yet. */
  | { readonly kind: 'idle' }
  | { readonly kind: 'opening' }
  | { readonly kind: 'open' }
  /**
   * It ended, or could not be opened. A request opens it again, at the earliest after so many ms; `reconnect` opens it
   * at once. `error` has what the opener threw as its cause.
   */
  | { readonly kind: 'lost'; readonly error: ConnectionFailure; readonly retryInMs: number }
  /** It is not opened any more: it was closed, or has ended too often. */
  | { readonly kind: 'ended'; readonly failure: Failure };

/** A state, with what belongs to it. */
export type Line =
  | Extract<RelayState, { kind: 'idle' | 'lost' | 'ended' }>
  | { readonly kind: 'opening'; readonly opened: Promise<Connection> }
  | { readonly kind: 'open'; readonly connection: Connection };

const NEXT: Readonly<Record<Line['kind'], readonly Line['kind'][]>> = {
  idle: ['opening', 'open', 'ended'],
  opening: ['open', 'lost', 'ended'],
  open: ['opening', 'lost', 'ended'],
  lost: ['opening', 'ended'],
  ended: ['ended'],
};

/** @throws {Error} when a relay cannot go from one state to the other: a fault of this library. */
export function enterLine(from: Line, to: Line): Line {
  if (!NEXT[from.kind].includes(to.kind)) throw new Error(`A relay cannot go from ${from.kind} to ${to.kind}`);
  return to;
}

/** The state as it is told. */
export function toldOf(line: Line): RelayState {
  return line.kind === 'opening' || line.kind === 'open' ? { kind: line.kind } : line;
}
