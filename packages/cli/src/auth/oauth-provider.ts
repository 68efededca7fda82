import { createHash, randomBytes } from 'node:crypto';
import { ConnectionFailure, type JsonObject } from '@mcp-tasks/client';
import {
  type OAuthClientInformationContext,
  type OAuthClientMetadata,
  type OAuthClientProvider,
  type OAuthDiscoveryState,
  type StoredOAuthClientInformation,
  type StoredOAuthTokens,
  UnauthorizedError,
} from '@modelcontextprotocol/client';
import type { CredentialFile } from './credential-file.ts';
import type { CredentialLock } from './credential-lock.ts';

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

type Saved<Value> = Readonly<Record<string, Value>>;

/** Signs in with an authorization code and PKCE; what it gets stays in the credential file, per issuer. */
export function createOAuthProvider(options: OAuthProviderOptions): SignInProvider {
  const { file, lock, redirectUrl, client, clientMetadataUrl, allowNoPkce = false } = options;
  const verifiers = new Set<string>();
  type Client = StoredOAuthClientInformation | undefined;
  let wanted: (Authorization & { readonly verifier: string; readonly client: Client }) | undefined;
  /** As whom we go to the page, and as whom we redeem what it gave: another process may register meanwhile. */
  let current: Client;
  let redeeming: Client;
  let found = '';
  let begun = false;
  let tellRedeemed = (_hasTokens: boolean): void => undefined;
  let discovery: OAuthDiscoveryState | undefined;

  const saved = <Value>(part: string): Saved<Value> => (file.read()[part] ?? {}) as Saved<Value>;
  const keep = (context: OAuthClientInformationContext | undefined, parts: Record<string, object>): void => {
    const issuer = context?.issuer ?? '';
    const next = Object.entries(parts).map(([part, value]) => [part, { ...saved<JsonObject>(part), [issuer]: value }]);
    file.write({ ...Object.fromEntries(next), issuer });
  };
  const tokensOf = (context: OAuthClientInformationContext | undefined): StoredOAuthTokens | undefined => {
    const issuer = context?.issuer ?? file.read().issuer;
    return saved<StoredOAuthTokens>('tokens')[typeof issuer === 'string' ? issuer : ''];
  };

  /** The one that is registered at this server, if it is of use. */
  function registeredClient(context: OAuthClientInformationContext | undefined): Client {
    const known = saved<StoredOAuthClientInformation>('clients')[context?.issuer ?? ''];
    // Nobody is here to sign in: then nothing is registered either.
    if (redirectUrl === undefined && known === undefined) throw new UnauthorizedError();
    if (redirectUrl === undefined || tokensOf(context)?.refresh_token !== undefined) return known;
    const uris =
      known !== undefined && 'redirect_uris' in known ? (known.redirect_uris as readonly string[]) : undefined;
    // Registered with another port than the one we got: the server would refuse the redirect.
    return uris !== undefined && !uris.includes(redirectUrl) ? undefined : known;
  }

  return {
    redirectUrl: redirectUrl ?? 'http://127.0.0.1/callback',
    ...(clientMetadataUrl === undefined ? {} : { clientMetadataUrl }),
    clientMetadata: {
      client_name: 'mcp-tasks',
      redirect_uris: redirectUrl === undefined ? [] : [redirectUrl],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: client?.secret === undefined ? 'none' : 'client_secret_basic',
    } satisfies OAuthClientMetadata,
    state: () => randomBytes(16).toString('base64url'),
    clientInformation(context) {
      if (client !== undefined) return informationOf(client);
      current = begun ? wanted?.client : registeredClient(context);
      return current;
    },
    // What the operator gave out is not ours to keep; without this nothing is registered in its place either.
    ...(client === undefined && {
      saveClientInformation(information: StoredOAuthClientInformation, context?: OAuthClientInformationContext) {
        current = information;
        keep(context, { clients: information });
      },
    }),
    async tokens(context) {
      // Asked for by issuer they are about to be renewed, otherwise just used.
      if (context?.issuer === undefined) return tokensOf(context);
      await lock.hold();
      found = savedTokens(file);
      return tokensOf(context);
    },
    saveTokens(tokens, context) {
      discovery = undefined; // it served this sign-in; the next may find another authorization server
      verifiers.clear();
      // A refresh token works only for the client that it was given to.
      keep(context, redeeming === undefined || client !== undefined ? { tokens } : { tokens, clients: redeeming });
      redeeming = undefined;
      lock.release();
      tellRedeemed(true);
    },
    saveCodeVerifier: (verifier) => void verifiers.add(verifier),
    codeVerifier() {
      begun = false;
      redeeming = wanted?.client;
      return wanted?.verifier ?? '';
    },
    saveDiscoveryState(found) {
      discovery = found;
    },
    discoveryState: () => discovery,
    redirectToAuthorization(url) {
      lock.release();
      if (begun) return; // a person is on the way with an earlier one
      if (!allowNoPkce) requirePkce(discovery);
      const challenge = url.searchParams.get('code_challenge');
      const verifier = [...verifiers].find((each) => challengeOf(each) === challenge) ?? '';
      wanted = { url, state: url.searchParams.get('state') ?? '', verifier, client: current, found };
    },
    invalidateCredentials(scope) {
      tellRedeemed(false);
      if (scope === 'all' || scope === 'tokens') file.write({ tokens: undefined });
      if (scope === 'all' || scope === 'client') file.write({ clients: undefined });
      if (scope === 'all' || scope === 'verifier') verifiers.clear();
      if (scope === 'all' || scope === 'discovery') discovery = undefined;
    },
    get wanted() {
      return wanted;
    },
    begin() {
      begun = true;
      const redeemed = new Promise<boolean>((resolve) => {
        tellRedeemed = resolve;
      });
      return {
        redeemed,
        leave() {
          begun = false;
        },
      };
    },
  };
}

/** Without PKCE a stolen code is worth a token. Metadata that does not name it is refused (authorization, "PKCE"). */
function requirePkce(discovery: OAuthDiscoveryState | undefined): void {
  const metadata = discovery?.authorizationServerMetadata;
  if (metadata === undefined || metadata.code_challenge_methods_supported?.includes('S256') === true) return;
  const message = `the authorization server ${metadata.issuer} does not say that it supports PKCE with S256`;
  throw new ConnectionFailure({ kind: 'auth', message: `${message}; --allow-no-pkce signs in all the same` });
}

/** All that is saved, as one text to compare. */
export function savedTokens(file: CredentialFile): string {
  return JSON.stringify(file.read().tokens ?? null);
}

function informationOf({ id, secret, issuer }: GivenClient): StoredOAuthClientInformation {
  return {
    client_id: id,
    ...(secret === undefined ? {} : { client_secret: secret }),
    ...(issuer === undefined ? {} : { issuer }),
  };
}

function challengeOf(verifier: string): string {
  return createHash('sha256').update(verifier).digest('base64url');
}
