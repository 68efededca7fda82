import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SignInOptions } from '@mcp-tasks/client/connect';
import { ClientCredentialsProvider, PrivateKeyJwtProvider } from '@modelcontextprotocol/client';
import { openCredentialFile } from '../../packages/cli/src/auth/credential-file.ts';
import { createCredentialLock } from '../../packages/cli/src/auth/credential-lock.ts';
import { createOAuthProvider } from '../../packages/cli/src/auth/oauth-provider.ts';
import { processClock } from '../../packages/cli/src/process-clock.ts';

const REDIRECT = 'http://127.0.0.1:41999/callback';
const METADATA = 'https://conformance-test.local/client-metadata.json';

export interface Given {
  readonly client_id?: string;
  readonly client_secret?: string;
  readonly private_key_pem?: string;
  readonly signing_algorithm?: string;
}

/** The command's sign-in, with a browser that follows each redirect at once. */
export function signInFor(scenario: string, given: Given): SignInOptions {
  if (!scenario.startsWith('auth/')) return {};
  const { client_id: clientId = '', client_secret: clientSecret = '', private_key_pem: privateKey = '' } = given;
  if (scenario === 'auth/client-credentials-basic') {
    return { authProvider: new ClientCredentialsProvider({ clientId, clientSecret }) };
  }
  if (scenario === 'auth/client-credentials-jwt') {
    const algorithm = given.signing_algorithm ?? 'ES256';
    return { authProvider: new PrivateKeyJwtProvider({ clientId, privateKey, algorithm }) };
  }
  const directory = mkdtempSync(join(tmpdir(), 'mcp-tasks-auth-'));
  const authProvider = createOAuthProvider({
    file: openCredentialFile(join(directory, 'credentials.json')),
    lock: createCredentialLock(join(directory, 'credentials.lock'), processClock),
    redirectUrl: REDIRECT,
    clientMetadataUrl: METADATA,
    client: clientId === '' ? undefined : { id: clientId, secret: clientSecret === '' ? undefined : clientSecret },
  });
  async function followRedirect(): Promise<URLSearchParams> {
    const response = await fetch(authProvider.wanted?.url ?? '', { redirect: 'manual' });
    const location = response.headers.get('location');
    if (location === null) throw new Error(`The sign-in page answered ${response.status} without a redirect`);
    return new URL(location).searchParams;
  }
  return { authProvider, waitForCallback: followRedirect };
}
