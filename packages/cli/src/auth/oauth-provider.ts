import { randomBytes } from 'node:crypto';
import {
  type OAuthClientInformationContext,
  type OAuthClientMetadata,
  type OAuthClientProvider,
  type OAuthDiscoveryState,
  type StoredOAuthClientInformation,
  UnauthorizedError,
} from '@modelcontextprotocol/client';
import type { CredentialFile } from './credential-file.ts';
import type { CredentialLock } from './credential-lock.ts';
import { createVerifiers, requirePkce } from './pkce.ts';
import { createSavedCredentials, type SavedCredentials, savedTokens } from './saved-credentials.ts';

interface GivenClient {
  readonly id: string;
  readonly secret?: string | undefined;
  /** The only authorization server that may receive them. */
  readonly issuer?: string | undefined;
}

export interface OAuthProviderOptions {
  readonly file: CredentialFile;
  readonly lock: CredentialLock;
  /** The redirect URI of the browser. Without it no sign-in is possible; only saved credentials are used. */
  readonly redirectUrl?: string | undefined;
  /** A client that the server's operator registered; replaces dynamic registration. */
  readonly client?: GivenClient | undefined;
  /** Sign in although the authorization server does not advertise PKCE. @default false */
  readonly allowNoPkce?: boolean | undefined;
  /** URL of our client metadata document, for servers that accept one instead of a registration. */
  readonly clientMetadataUrl?: string;
}

/** The page where a person signs in, and the state of its callback. */
export interface Authorization {
  readonly url: URL;
  readonly state: string;
  /** The saved tokens when the sign-in was requested; other tokens on disk now mean that another sign-in succeeded. */
  readonly found: string;
}

export interface BegunSignIn {
  /** Whether the authorization code was exchanged for tokens; false when it was refused. */
  readonly redeemed: Promise<boolean>;
  leave(): void;
}

export interface SignInProvider extends OAuthClientProvider {
  /** The sign-in that the server requests now, if any. */
  readonly wanted: Authorization | undefined;
  /** Makes the requested sign-in the current one, until it is redeemed or abandoned. */
  begin(): BegunSignIn;
}

type Client = StoredOAuthClientInformation | undefined;
type Issued = OAuthClientInformationContext | undefined;

/** A sign-in page that waits for a person, with the client and code verifier that redeem its code. */
interface Wanted extends Authorization {
  readonly verifier: string;
  readonly client: Client;
}

/** Signs in with an authorization code and PKCE. Tokens are saved in the credential file, per issuer. */
export function createOAuthProvider(options: OAuthProviderOptions): SignInProvider {
  const { file, lock, redirectUrl, client, clientMetadataUrl, allowNoPkce = false } = options;
  const saved = createSavedCredentials(file);
  const verifiers = createVerifiers();
  const signIn = createSignInState();
  let wanted: Wanted | undefined;
  /** The page and the code exchange must use the same client: another process may register one meanwhile. */
  let current: Client;
  let redeeming: Client;
  let found = '';
  let discovery: OAuthDiscoveryState | undefined;

  return {
    redirectUrl: redirectUrl ?? 'http://127.0.0.1/callback',
    ...(clientMetadataUrl === undefined ? {} : { clientMetadataUrl }),
    clientMetadata: metadataOf(options),
    state: () => randomBytes(16).toString('base64url'),
    clientInformation(context) {
      if (client !== undefined) return informationOf(client);
      current = signIn.hasBegun ? wanted?.client : registeredClient(saved, redirectUrl, context);
      return current;
    },
    // A client from the operator is not saved; without this function the SDK registers no client either.
    ...(client === undefined && {
      saveClientInformation(information: StoredOAuthClientInformation, context?: OAuthClientInformationContext) {
        current = information;
        saved.keep(context, { clients: information });
      },
    }),
    async tokens(context) {
      // With an issuer the tokens are about to be refreshed, so take the lock; without one they are just used.
      if (context?.issuer === undefined) return saved.tokens(context);
      await lock.hold();
      found = savedTokens(file);
      return saved.tokens(context);
    },
    saveTokens(tokens, context) {
      discovery = undefined; // discovery is per sign-in: the next may find another authorization server
      verifiers.clear();
      // A refresh token is bound to its client: save both together.
      saved.keep(
        context,
        redeeming === undefined || client !== undefined ? { tokens } : { tokens, clients: redeeming },
      );
      redeeming = undefined;
      lock.release();
      signIn.redeemed(true);
    },
    saveCodeVerifier: verifiers.add,
    codeVerifier() {
      signIn.leave();
      redeeming = wanted?.client;
      return wanted?.verifier ?? '';
    },
    saveDiscoveryState(state) {
      discovery = state;
    },
    discoveryState: () => discovery,
    redirectToAuthorization(url) {
      lock.release();
      if (signIn.hasBegun) return; // an earlier sign-in is in progress
      if (!allowNoPkce) requirePkce(discovery);
      const state = url.searchParams.get('state') ?? '';
      wanted = { url, state, verifier: verifiers.of(url), client: current, found };
    },
    invalidateCredentials(scope) {
      signIn.redeemed(false);
      if (scope === 'all' || scope === 'tokens') saved.forget('tokens');
      if (scope === 'all' || scope === 'client') saved.forget('clients');
      if (scope === 'all' || scope === 'verifier') verifiers.clear();
      if (scope === 'all' || scope === 'discovery') discovery = undefined;
    },
    get wanted() {
      return wanted;
    },
    begin: signIn.begin,
  };
}

/** Whether a sign-in is in progress, and its result. */
function createSignInState() {
  let hasBegun = false;
  let resolveRedeemed = (_hasTokens: boolean): void => undefined;
  const leave = (): void => {
    hasBegun = false;
  };
  return {
    get hasBegun() {
      return hasBegun;
    },
    leave,
    redeemed: (hasTokens: boolean): void => resolveRedeemed(hasTokens),
    begin(): BegunSignIn {
      hasBegun = true;
      const redeemed = new Promise<boolean>((resolve) => {
        resolveRedeemed = resolve;
      });
      return { redeemed, leave };
    },
  };
}

/** The client registered at this server; `undefined` when it cannot be used. */
function registeredClient(saved: SavedCredentials, redirectUrl: string | undefined, context: Issued): Client {
  const known = saved.client(context);
  // Without a redirect URI no sign-in is possible: do not register a client.
  if (redirectUrl === undefined && known === undefined) throw new UnauthorizedError();
  if (redirectUrl === undefined || saved.tokens(context)?.refresh_token !== undefined) return known;
  const uris = known !== undefined && 'redirect_uris' in known ? (known.redirect_uris as readonly string[]) : undefined;
  // The client is registered with another port: the server would refuse the redirect URI.
  return uris !== undefined && !uris.includes(redirectUrl) ? undefined : known;
}

function metadataOf({ redirectUrl, client }: OAuthProviderOptions): OAuthClientMetadata {
  return {
    client_name: 'mcp-tasks',
    redirect_uris: redirectUrl === undefined ? [] : [redirectUrl],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    token_endpoint_auth_method: client?.secret === undefined ? 'none' : 'client_secret_basic',
  };
}

function informationOf({ id, secret, issuer }: GivenClient): StoredOAuthClientInformation {
  return {
    client_id: id,
    ...(secret === undefined ? {} : { client_secret: secret }),
    ...(issuer === undefined ? {} : { issuer }),
  };
}
