import { ConnectionFailure, type Failure } from '../connection.ts';
import type { PollWire } from '../http/poll-wire.ts';
import { aborted, failureOfSend, isSignInError, sessionGone } from './classify.ts';
import type { Wire, WireMessage, WireSendOptions } from './wire.ts';

/**
 * Sends a message; may throw a {@link ConnectionFailure} that is more specific than the plain error. Calls `onLost` if
 * the response is lost after the message was delivered.
 */
export type Run = (work: () => Promise<void>, onLost?: (failure: Failure) => void) => Promise<void>;

/** Sends a message; throws only {@link ConnectionFailure}. */
export function createDelivery(wire: Wire, run: Run = (work) => work(), polls?: PollWire) {
  async function attempt(
    message: WireMessage,
    options?: WireSendOptions,
    onLost?: (failure: Failure) => void,
  ): Promise<void> {
    if (options?.maySend?.() === false) throw new ConnectionFailure(aborted);
    try {
      await run(() => wire.send(message, options), onLost);
    } catch (error) {
      if (error instanceof ConnectionFailure) throw error;
      throw new ConnectionFailure(failureOfSend(error, undefined, wire.sessionId !== undefined), error);
    }
  }

  /** Some servers refuse an unknown session with 400 instead of 404: the session is gone if a ping gets 400, too. */
  async function isSessionGone(): Promise<boolean> {
    if (wire.sessionId === undefined) return false;
    const ping = attempt({ jsonrpc: '2.0', id: 'mcp-tasks:session', method: 'ping' });
    return ping.then(() => false, isRefused);
  }

  return async (
    message: WireMessage,
    options?: WireSendOptions,
    onLost?: (failure: Failure) => void,
  ): Promise<void> => {
    if (polls?.handles(message) && (await polls.send(message, options))) return;
    try {
      await attempt(message, options, onLost).catch((error: unknown) => {
        if (message.method === 'tools/call' || !canSignIn(wire) || !isRefusedAfterSignIn(error)) throw error;
        return attempt(message, options, onLost);
      });
    } catch (error) {
      if (isRefused(error) && (await isSessionGone())) throw new ConnectionFailure(sessionGone, error);
      throw error;
    }
  };
}

/** Both SDK lines keep the auth provider in `_authProvider`; without one a refusal is final. */
function canSignIn(wire: Wire): boolean {
  return (wire as { readonly _authProvider?: unknown })._authProvider !== undefined;
}

/**
 * A 401 after a sign-in. SDK 1.x fails one of two concurrently refused requests although the other got a valid token;
 * a request that is safe to repeat is sent again.
 */
function isRefusedAfterSignIn(error: unknown): boolean {
  return error instanceof ConnectionFailure && error.failure.kind === 'auth' && !isSignInError(error.cause);
}

function isRefused(error: unknown): boolean {
  const failure = error instanceof ConnectionFailure ? error.failure : undefined;
  return failure?.kind === 'http' && failure.status === 400;
}
