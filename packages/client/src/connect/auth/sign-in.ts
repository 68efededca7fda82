import { UnauthorizedError } from '@modelcontextprotocol/client';
import { ConnectionFailure } from '../connection.ts';
import { failureOfSend } from '../wire/classify.ts';
import type { Run } from '../wire/deliver.ts';
import type { SharedRefresh } from './share-refresh.ts';
import type { SignInOptions } from './sign-in-options.ts';

export interface SignIn {
  /** Runs a request. If it is refused and a person then signs in, repeats it once: a refused request had no effect. */
  readonly run: Run;
  /** True while a person signs in: requests wait, without timeout. */
  readonly isWaiting: () => boolean;
  /** True after a person signed in because of this error; false if the error stands. @throws {ConnectionFailure} */
  recover(error: unknown): Promise<boolean>;
}

export function createSignIn(
  send: Run,
  transport: { finishAuth(callback: URLSearchParams): Promise<void> },
  refresh: SharedRefresh,
  { waitForCallback }: SignInOptions,
): SignIn {
  let waiting: Promise<void> | undefined;

  async function awaitCallback(ask: NonNullable<typeof waitForCallback>): Promise<void> {
    try {
      const callback = await ask().catch(throwNotSignedIn);
      if (callback !== undefined) await transport.finishAuth(withKnownIssuer(callback, refresh));
    } catch (error) {
      throw new ConnectionFailure(failureOfSend(error), error);
    } finally {
      waiting = undefined;
    }
  }

  async function recover(error: unknown): Promise<boolean> {
    const cause = error instanceof ConnectionFailure ? error.cause : error;
    if (!(cause instanceof UnauthorizedError)) return throwSetupError(error, cause);
    const problem = refresh.consumeProblem();
    if (problem !== undefined) {
      throw new ConnectionFailure({ kind: 'transport', message: `renewing the sign-in failed: ${problem}` }, error);
    }
    if (waitForCallback === undefined) return false;
    waiting ??= awaitCallback(waitForCallback);
    await waiting;
    return true;
  }

  return {
    isWaiting: () => waiting !== undefined,
    recover,
    async run(work, onLost) {
      await waiting?.catch(() => undefined);
      try {
        await send(work, onLost);
      } catch (error) {
        if (!(await recover(error))) throw error;
        await send(work, onLost);
      }
    },
  };
}

function withKnownIssuer(callback: URLSearchParams, { knownIssuer }: SharedRefresh): URLSearchParams {
  const issuer = callback.get('iss');
  if (issuer === null) return callback;
  const known = new URLSearchParams(callback);
  known.set('iss', knownIssuer(issuer));
  return known;
}

/** False, or throws the reason why no sign-in could begin: the SDK reports it as a plain error beside the 401. */
function throwSetupError(error: unknown, cause: unknown): false {
  if (!(cause instanceof Error) || cause.constructor !== Error) return false;
  const isRefused = error instanceof ConnectionFailure && error.failure.kind === 'auth';
  const message = knownReason(cause.message) ?? (isRefused ? cause.message : undefined);
  if (message === undefined) return false;
  throw new ConnectionFailure({ kind: 'auth', message }, cause);
}

function knownReason(message: string): string | undefined {
  const [, theirs, ours] = /^Protected resource (\S+) does not match expected (\S+)/.exec(message) ?? [];
  if (theirs !== undefined) return `its metadata names the resource ${theirs}, not ${ours}`;
  if (/does not support dynamic client registration/.test(message)) {
    return 'its authorization server does not register clients: ask its operator for a client id';
  }
  return undefined;
}

/** A failed wait for the callback is an auth failure with its own reason, not a transport failure. */
function throwNotSignedIn(error: unknown): never {
  const failure = failureOfSend(error);
  const { message } = error instanceof Error ? error : failure;
  throw new ConnectionFailure(failure.kind === 'transport' ? { kind: 'auth', message } : failure, error);
}
