import { type StreamableHTTPClientTransport, UnauthorizedError } from '@modelcontextprotocol/client';
import { ConnectionFailure } from '../connection.ts';
import { failureOfSend } from '../wire/classify.ts';
import type { Run } from '../wire/deliver.ts';
import type { SharedRefresh } from './share-refresh.ts';
import type { SignInOptions } from './sign-in-options.ts';

export interface SignIn {
  /** Refused requests did not run, so that after a sign-in the same message goes out again, once. */
  readonly run: Run;
  /** A person is signing in: requests wait for that, not for the server. */
  readonly isWaiting: () => boolean;
  /** True once a person has signed in after this error; false when the error stands. @throws {ConnectionFailure} */
  recover(error: unknown): Promise<boolean>;
}

export function createSignIn(
  send: Run,
  transport: StreamableHTTPClientTransport,
  refresh: SharedRefresh,
  { waitForCallback }: SignInOptions,
): SignIn {
  let waiting: Promise<void> | undefined;

  async function finish(ask: NonNullable<typeof waitForCallback>): Promise<void> {
    try {
      const callback = await ask().catch(nobodySignedIn);
      if (callback !== undefined) await transport.finishAuth(callback);
    } catch (error) {
      throw new ConnectionFailure(failureOfSend(error), error);
    } finally {
      waiting = undefined;
    }
  }

  async function recover(error: unknown): Promise<boolean> {
    if (!((error instanceof ConnectionFailure ? error.cause : error) instanceof UnauthorizedError)) return false;
    const trouble = refresh.takeTrouble();
    if (trouble !== undefined) {
      throw new ConnectionFailure({ kind: 'transport', message: `signing in again did not work: ${trouble}` }, error);
    }
    if (waitForCallback === undefined) return false;
    waiting ??= finish(waitForCallback);
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

/** Whoever asks a person knows why nobody has signed in; that is no trouble of the line. */
function nobodySignedIn(error: unknown): never {
  const failure = failureOfSend(error);
  const { message } = error instanceof Error ? error : failure;
  throw new ConnectionFailure(failure.kind === 'transport' ? { kind: 'auth', message } : failure, error);
}
