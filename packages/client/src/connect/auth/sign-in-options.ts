import type { AuthProvider, OAuthClientProvider } from '@modelcontextprotocol/client';

/** Options to sign in to a server over HTTP. The provider keeps the tokens; a record never contains them. */
export interface SignInOptions {
  /** The SDK's: an OAuth client provider, or `{ token }` for a bearer token. The provider refreshes its tokens. */
  readonly authProvider?: AuthProvider | OAuthClientProvider;
  /**
   * Resolves to the parameters of the OAuth callback after a person signed in, or to nothing if the provider has tokens
   * by then. Without it, a server that needs a person's sign-in fails with `auth-required`.
   */
  readonly waitForCallback?: () => Promise<URLSearchParams | undefined>;
}
