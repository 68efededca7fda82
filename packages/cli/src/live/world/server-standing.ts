import { type RelayState, TaskError } from '@mcp-tasks/client';
import type { ServerState } from '../live-session.ts';

/** How a server stands. `tried` is the sign-in that the last attempt began with. */
export type Standing =
  /** Nothing is wanted of it yet. */
  | { readonly kind: 'idle' }
  /** `failures`: attempts that failed in a row before this one. */
  | { readonly kind: 'connecting'; readonly failures: number; readonly tried: number | undefined }
  | { readonly kind: 'connected'; readonly tried: number | undefined }
  /** It ended or could not be reached, and is tried again when its time comes. */
  | { readonly kind: 'away'; readonly error: Error; readonly failures: number; readonly retryInMs: number }
  /** It wants a sign-in, and is tried again once somebody has signed in. */
  | { readonly kind: 'signed-out'; readonly error: Error; readonly tried: number | undefined }
  /** There is nothing of this name: only a person tries again. */
  | { readonly kind: 'missing'; readonly error: Error }
  | { readonly kind: 'closed' };

const NEXT: Readonly<Record<Standing['kind'], readonly Standing['kind'][]>> = {
  idle: ['connecting', 'closed'],
  connecting: ['connected', 'away', 'signed-out', 'missing', 'closed'],
  // A connection is left for another one after a sign-in; its tasks may be refused while it is open.
  connected: ['connecting', 'away', 'signed-out', 'closed'],
  away: ['connecting', 'closed'],
  'signed-out': ['connecting', 'away', 'signed-out', 'closed'],
  missing: ['connecting', 'closed'],
  closed: ['closed'],
};

/** @throws {Error} when a server cannot go from one standing to the other: a fault of the view. */
export function enterStanding(from: Standing, to: Standing): Standing {
  if (!NEXT[from.kind].includes(to.kind)) throw new Error(`A server cannot go from ${from.kind} to ${to.kind}`);
  return to;
}

/** The standing after a word of the connection; undefined where it says nothing new. `signedInAt`: as it is now. */
export function standingAfter(
  before: Standing,
  state: RelayState,
  signedInAt: number | undefined,
): Standing | undefined {
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

function triedBy(standing: Standing): number | undefined {
  return 'tried' in standing ? standing.tried : undefined;
}

function unreachable(error: Error): TaskError {
  return new TaskError('unreachable', error.message, { cause: error });
}

/** What kept it from being connected. */
export function failureOf(standing: Standing): Error | undefined {
  return 'error' in standing ? standing.error : undefined;
}

/** As it is shown; undefined for another attempt after one that failed, which shows nothing new. */
export function stateOf(standing: Standing): ServerState | undefined {
  switch (standing.kind) {
    case 'idle':
      return 'connecting';
    case 'connecting':
      return standing.failures === 0 ? 'connecting' : undefined;
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
