import { type RelayState, TaskError } from '@mcp-tasks/client';
import type { ServerState } from '../live-session.ts';

/** Connection state of a server. `tried` is the value of `signedInAt` when the last attempt began. */
export type LinkState =
  /** No request made yet. */
  | { readonly kind: 'idle' }
  /** `failures`: consecutive failed attempts before this one. */
  | { readonly kind: 'connecting'; readonly failures: number; readonly tried: number | undefined }
  | { readonly kind: 'connected'; readonly tried: number | undefined }
  /** Ended or unreachable; retried after `retryInMs`. */
  | { readonly kind: 'away'; readonly error: Error; readonly failures: number; readonly retryInMs: number }
  /** Needs a sign-in; retried after one. */
  | { readonly kind: 'signed-out'; readonly error: Error; readonly tried: number | undefined }
  /** Not found: retried only when a person asks. */
  | { readonly kind: 'missing'; readonly error: Error }
  | { readonly kind: 'closed' };

const NEXT: Readonly<Record<LinkState['kind'], readonly LinkState['kind'][]>> = {
  idle: ['connecting', 'closed'],
  connecting: ['connected', 'away', 'signed-out', 'missing', 'closed'],
  // A sign-in reconnects; an open connection may be refused for expired credentials.
  connected: ['connecting', 'away', 'signed-out', 'closed'],
  away: ['connecting', 'closed'],
  'signed-out': ['connecting', 'away', 'signed-out', 'closed'],
  missing: ['connecting', 'closed'],
  closed: ['closed'],
};

/** @throws {Error} when the transition is not allowed: a bug of the view */
export function enterLinkState(from: LinkState, to: LinkState): LinkState {
  if (!NEXT[from.kind].includes(to.kind)) throw new Error(`A server cannot go from ${from.kind} to ${to.kind}`);
  return to;
}

/** State after a connection event; undefined if unchanged. `signedInAt` is the current value. */
export function linkStateAfter(
  before: LinkState,
  state: RelayState,
  signedInAt: number | undefined,
): LinkState | undefined {
  if (before.kind === 'closed') return undefined;
  switch (state.kind) {
    case 'idle':
    case 'ended':
      return undefined;
    case 'opening':
      return { kind: 'connecting', failures: before.kind === 'away' ? before.failures : 0, tried: signedInAt };
    case 'open':
      return { kind: 'connected', tried: triedBy(before) };
    case 'lost': {
      const error = TaskError.is(state.error.cause) ? state.error.cause : unreachable(state.error);
      const code = TaskError.is(error) ? error.code : undefined;
      if (code === 'target-not-found') return { kind: 'missing', error };
      const tried = triedBy(before);
      if (code === 'auth-required' && tried === signedInAt) return { kind: 'signed-out', error, tried };
      const failures = before.kind === 'connecting' ? before.failures + 1 : 0;
      return { kind: 'away', error, failures, retryInMs: state.retryInMs };
    }
  }
}

function triedBy(linkState: LinkState): number | undefined {
  return 'tried' in linkState ? linkState.tried : undefined;
}

function unreachable(error: Error): TaskError {
  return new TaskError('unreachable', error.message, { cause: error });
}

/** Error that prevents the connection. */
export function failureOf(linkState: LinkState): Error | undefined {
  return 'error' in linkState ? linkState.error : undefined;
}

/** State as shown; undefined for a retry, which shows nothing new. */
export function shownStateOf(linkState: LinkState): ServerState | undefined {
  switch (linkState.kind) {
    case 'idle':
      return 'connecting';
    case 'connecting':
      return linkState.failures === 0 ? 'connecting' : undefined;
    case 'connected':
      return 'connected';
    case 'away':
    case 'missing':
      return 'unreachable';
    case 'signed-out':
      return 'auth_required';
    case 'closed':
      return 'closed';
  }
}
