import type { AuthProvider, OAuthClientProvider } from '@modelcontextprotocol/client';

/** How to sign in to a server over HTTP. Tokens belong to the provider; they are never part of a record. */
export interface SignInOptions {
  /** The SDK's: an OAuth client provider, or `{ token }` for a bearer token. Refreshing is its matter. */
  readonly authProvider?: AuthProvider | OAuthClientProvider;
  /**
   * Resolves with the parameters of the callback once a person has signed in where the provider sent them, or with
   * nothing when the provider has tokens by now. Without it a server that wants a person's sign-in is answered with
   * `auth-required`.
   */
  readonly waitForCallback?: () => Promise<URLSearchParams | undefined>;
}
