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
  /** The only authorization server that may see them. */
  readonly issuer?: string | undefined;
}

export interface OAuthProviderOptions {
  readonly file: CredentialFile;
  readonly lock: CredentialLock;
  /** Where a browser comes back to; without it nobody can sign in now, and only what is saved can be used. */
  readonly redirectUrl?: string | undefined;
  /** An identity that the server's operator gave out, instead of registering. */
  readonly client?: GivenClient | undefined;
  /** Sign in although the authorization server does not say that it knows PKCE. @default false */
  readonly allowNoPkce?: boolean | undefined;
  /** Where a client metadata document describes us, for servers that take that instead of a registration. */
  readonly clientMetadataUrl?: string;
}

/** Where a person has to go, and what the callback will carry. */
export interface Authorization {
  readonly url: URL;
  readonly state: string;
  /** What was saved when it was found not to be enough: when there is something else by now, somebody has signed in. */
  readonly found: string;
}

export interface BegunSignIn {
  /** Whether what the person brought back was exchanged for tokens; false when it was refused. */
  readonly redeemed: Promise<boolean>;
  leave(): void;
}

export interface SignInProvider extends OAuthClientProvider {
  /** The sign-in that the server wants now, if it wants one. */
  readonly wanted: Authorization | undefined;
  /** From here the wanted sign-in is the one that counts, until it is redeemed or left. */
  begin(): BegunSignIn;
}

type Client = StoredOAuthClientInformation | undefined;
type Issued = OAuthClientInformationContext | undefined;

/** A page that waits for a person: as whom we go there, and what its code is redeemed with. */
interface Wanted extends Authorization {
  readonly verifier: string;
  readonly client: Client;
}

/** Signs in with an authorization code and PKCE; what it gets stays in the credential file, per issuer. */
export function createOAuthProvider(options: OAuthProviderOptions): SignInProvider {
  const { file, lock, redirectUrl, client, clientMetadataUrl, allowNoPkce = false } = options;
  const saved = createSavedCredentials(file);
  const verifiers = createVerifiers();
  const turn = createTurn();
  let wanted: Wanted | undefined;
  /** As whom we go to the page, and as whom we redeem what it gave: another process may register meanwhile. */
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
      current = turn.hasBegun ? wanted?.client : registeredClient(saved, redirectUrl, context);
      return current;
    },
    // What the operator gave out is not ours to keep; without this nothing is registered in its place either.
    ...(client === undefined && {
      saveClientInformation(information: StoredOAuthClientInformation, context?: OAuthClientInformationContext) {
        current = information;
        saved.keep(context, { clients: information });
      },
    }),
    async tokens(context) {
      // Asked for by issuer they are about to be renewed, otherwise just used.
      if (context?.issuer === undefined) return saved.tokens(context);
      await lock.hold();
      found = savedTokens(file);
      return saved.tokens(context);
    },
    saveTokens(tokens, context) {
      discovery = undefined; // it served this sign-in; the next may find another authorization server
      verifiers.clear();
      // A refresh token works only for the client that it was given to.
      saved.keep(
        context,
        redeeming === undefined || client !== undefined ? { tokens } : { tokens, clients: redeeming },
      );
      redeeming = undefined;
      lock.release();
      turn.redeemed(true);
    },
    saveCodeVerifier: verifiers.add,
    codeVerifier() {
      turn.leave();
      redeeming = wanted?.client;
      return wanted?.verifier ?? '';
    },
    saveDiscoveryState(state) {
      discovery = state;
    },
    discoveryState: () => discovery,
    redirectToAuthorization(url) {
      lock.release();
      if (turn.hasBegun) return; // a person is on the way with an earlier one
      if (!allowNoPkce) requirePkce(discovery);
      const state = url.searchParams.get('state') ?? '';
      wanted = { url, state, verifier: verifiers.of(url), client: current, found };
    },
    invalidateCredentials(scope) {
      turn.redeemed(false);
      if (scope === 'all' || scope === 'tokens') saved.forget('tokens');
      if (scope === 'all' || scope === 'client') saved.forget('clients');
      if (scope === 'all' || scope === 'verifier') verifiers.clear();
      if (scope === 'all' || scope === 'discovery') discovery = undefined;
    },
    get wanted() {
      return wanted;
    },
    begin: turn.begin,
  };
}

/** A person is on the way with the sign-in that was wanted. */
function createTurn() {
  let hasBegun = false;
  let tell = (_hasTokens: boolean): void => undefined;
  const leave = (): void => {
    hasBegun = false;
  };
  return {
    get hasBegun() {
      return hasBegun;
    },
    leave,
    redeemed: (hasTokens: boolean): void => tell(hasTokens),
    begin(): BegunSignIn {
      hasBegun = true;
      const redeemed = new Promise<boolean>((resolve) => {
        tell = resolve;
      });
      return { redeemed, leave };
    },
  };
}

/** The one that is registered at this server, if it is of use. */
function registeredClient(saved: SavedCredentials, redirectUrl: string | undefined, context: Issued): Client {
  const known = saved.client(context);
  // Nobody is here to sign in: then nothing is registered either.
  if (redirectUrl === undefined && known === undefined) throw new UnauthorizedError();
  if (redirectUrl === undefined || saved.tokens(context)?.refresh_token !== undefined) return known;
  const uris = known !== undefined && 'redirect_uris' in known ? (known.redirect_uris as readonly string[]) : undefined;
  // Registered with another port than the one we got: the server would refuse the redirect.
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
