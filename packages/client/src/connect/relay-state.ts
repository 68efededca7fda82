import type { Connection, ConnectionFailure, Failure } from './connection.ts';

/** State of a relay's connection. */
export type RelayState =
  /** No request was sent yet. */
  | { readonly kind: 'idle' }
  | { readonly kind: 'opening' }
  | { readonly kind: 'open' }
  /**
   * The connection ended or could not be opened. A request reopens it after `retryInMs` at the earliest; `reconnect`
   * reopens it at once. The cause of `error` is the error that `open` threw.
   */
  | { readonly kind: 'lost'; readonly error: ConnectionFailure; readonly retryInMs: number }
  /** The connection stays closed: it was closed here, or it ended too often. */
  | { readonly kind: 'ended'; readonly failure: Failure };

/** Internal state: `RelayState` with its promise or connection. */
export type SupervisorState =
  | Extract<RelayState, { kind: 'idle' | 'lost' | 'ended' }>
  | { readonly kind: 'opening'; readonly opened: Promise<Connection> }
  | { readonly kind: 'open'; readonly connection: Connection };

const NEXT: Readonly<Record<SupervisorState['kind'], readonly SupervisorState['kind'][]>> = {
  idle: ['opening', 'open', 'ended'],
  opening: ['open', 'lost', 'ended'],
  open: ['opening', 'lost', 'ended'],
  lost: ['opening', 'ended'],
  ended: ['ended'],
};

/** @throws {Error} for a transition that a relay cannot make: a bug of this library. */
export function enterState(from: SupervisorState, to: SupervisorState): SupervisorState {
  if (!NEXT[from.kind].includes(to.kind)) throw new Error(`A relay cannot go from ${from.kind} to ${to.kind}`);
  return to;
}

/** The public part of a state. */
export function publicStateOf(state: SupervisorState): RelayState {
  return state.kind === 'opening' || state.kind === 'open' ? { kind: state.kind } : state;
}
