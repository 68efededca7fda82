import { ConnectionFailure, type Failure } from '../connection.ts';
import type { PollWire } from '../http/poll-wire.ts';
import { failureOfSend, isSignInError, sessionGone } from './classify.ts';
import type { Wire, WireMessage, WireSendOptions } from './wire.ts';

/**
 * Runs what sends a message; a thrown {@link ConnectionFailure} tells more than the plain error would. `onLost` hears of
 * an answer that was lost after the message had been delivered.
 */
export type Run = (work: () => Promise<void>, onLost?: (failure: Failure) => void) => Promise<void>;

/** Sends, and throws nothing but a {@link ConnectionFailure}. */
export function createDelivery(wire: Wire, run: Run = (work) => work(), polls?: PollWire) {
  async function attempt(
    message: WireMessage,
    options?: WireSendOptions,
    onLost?: (failure: Failure) => void,
  ): Promise<void> {
    try {
      await run(() => wire.send(message, options), onLost);
    } catch (error) {
      if (error instanceof ConnectionFailure) throw error;
      throw new ConnectionFailure(failureOfSend(error, undefined, wire.sessionId !== undefined), error);
    }
  }

  /** Some servers refuse an unknown session with 400, where the protocol has 404: one in which a ping is 400 is gone. */
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
    if (polls?.takes(message) && (await polls.send(message, options))) return;
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

/** Both SDK lines keep here what renews a token; without it a refusal stays one. */
function canSignIn(wire: Wire): boolean {
  return (wire as { readonly _authProvider?: unknown })._authProvider !== undefined;
}

/**
 * A 401 that signing in again did not cure, in the transport's eyes. Of two requests that were refused at the same time,
 * SDK 1.x gives up one although the other has brought a good token; what may be repeated goes out once more.
 */
function isRefusedAfterSignIn(error: unknown): boolean {
  return error instanceof ConnectionFailure && error.failure.kind === 'auth' && !isSignInError(error.cause);
}

function isRefused(error: unknown): boolean {
  const failure = error instanceof ConnectionFailure ? error.failure : undefined;
  return failure?.kind === 'http' && failure.status === 400;
}
