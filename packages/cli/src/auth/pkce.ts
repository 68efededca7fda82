import { createHash } from 'node:crypto';
import { ConnectionFailure } from '@mcp-tasks/client';
import type { OAuthDiscoveryState } from '@modelcontextprotocol/client';

/** Code verifiers of the sign-ins in progress, by the challenge in the URL of the sign-in page. */
export interface Verifiers {
  add(verifier: string): void;
  /** The verifier of the sign-in page at this URL; empty when no sign-in in progress has it. */
  of(page: URL): string;
  clear(): void;
}

export function createVerifiers(): Verifiers {
  const verifiers = new Set<string>();
  return {
    add: (verifier) => void verifiers.add(verifier),
    of(page) {
      const challenge = page.searchParams.get('code_challenge');
      return [...verifiers].find((each) => challengeOf(each) === challenge) ?? '';
    },
    clear: () => verifiers.clear(),
  };
}

/** Without PKCE a stolen code yields a token: refuse metadata without S256 (authorization spec, "PKCE"). */
export function requirePkce(discovery: OAuthDiscoveryState | undefined): void {
  const metadata = discovery?.authorizationServerMetadata;
  if (metadata === undefined || metadata.code_challenge_methods_supported?.includes('S256') === true) return;
  const message = `the authorization server ${metadata.issuer} does not advertise PKCE with S256`;
  throw new ConnectionFailure({ kind: 'auth', message: `${message}; add --allow-no-pkce to sign in without it` });
}

function challengeOf(verifier: string): string {
  return createHash('sha256').update(verifier).digest('base64url');
}
