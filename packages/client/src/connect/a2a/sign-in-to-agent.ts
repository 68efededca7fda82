import {
  auth,
  type OAuthClientProvider,
  StreamableHTTPClientTransport,
  UnauthorizedError,
} from '@modelcontextprotocol/client';
import { createSharedRefresh } from '../auth/share-refresh.ts';
import { createSignIn, type SignIn } from '../auth/sign-in.ts';
import type { SignInOptions } from '../auth/sign-in-options.ts';
import { ConnectionFailure } from '../connection.ts';
import { failureOfSend } from '../wire/classify.ts';
import type { Run } from '../wire/deliver.ts';
import { answerFromCard } from './answer-from-card.ts';
import type { AgentOAuth } from './read-security.ts';

export interface AgentSignIn {
  readonly provider: OAuthClientProvider;
  readonly address: URL;
  readonly fetch: typeof fetch;
  readonly send: Run;
  /** OAuth data of the card; undefined before the card was read. */
  readonly oauthOf: () => AgentOAuth | undefined;
  readonly waitForCallback: SignInOptions['waitForCallback'];
}

/** Signs in to an agent with the SDK's OAuth flow and the data of the card. */
export function signInToAgent({ provider, address, fetch, send, oauthOf, waitForCallback }: AgentSignIn): SignIn {
  const refresh = createSharedRefresh(answerFromCard(fetch, address, oauthOf));
  // The transport only finishes a person's sign-in; no request goes through it.
  const transport = new StreamableHTTPClientTransport(address, { authProvider: provider, fetch: refresh.fetch });

  async function authorize(): Promise<void> {
    const scope = oauthOf()?.scopes.join(' ');
    const scopes = scope === undefined || scope === '' ? {} : { scope };
    const outcome = await auth(provider, { serverUrl: address, fetchFn: refresh.fetch, ...scopes });
    if (outcome !== 'AUTHORIZED') throw new UnauthorizedError('a person has to sign in');
  }

  const run: Run = async (work, onLost) => {
    try {
      return await send(work, onLost);
    } catch (error) {
      if (!(error instanceof ConnectionFailure) || error.failure.kind !== 'auth') throw error;
      await authorize().catch((cause: unknown) => {
        throw new ConnectionFailure(failureOfSend(cause), cause);
      });
      return send(work, onLost);
    }
  };
  return createSignIn(run, transport, refresh, waitForCallback === undefined ? {} : { waitForCallback });
}
