import type { JsonObject } from '@mcp-tasks/client';
import type {
  OAuthClientInformationContext,
  StoredOAuthClientInformation,
  StoredOAuthTokens,
} from '@modelcontextprotocol/client';
import type { CredentialFile } from './credential-file.ts';

type Saved<Value> = Readonly<Record<string, Value>>;
type Issued = OAuthClientInformationContext | undefined;

/** Tokens and client registrations in the credential file, per issuer. */
export interface SavedCredentials {
  /** Saves these parts for the issuer and makes it the last one. */
  keep(context: Issued, parts: Readonly<Record<string, object>>): void;
  /** Tokens of the issuer; without one, of the last issuer. */
  tokens(context: Issued): StoredOAuthTokens | undefined;
  client(context: Issued): StoredOAuthClientInformation | undefined;
  forget(part: 'tokens' | 'clients'): void;
}

export function createSavedCredentials(file: CredentialFile): SavedCredentials {
  const saved = <Value>(part: string): Saved<Value> => (file.read()[part] ?? {}) as Saved<Value>;
  return {
    keep(context, parts) {
      const issuer = context?.issuer ?? '';
      const next = Object.entries(parts).map(([part, value]) => [
        part,
        { ...saved<JsonObject>(part), [issuer]: value },
      ]);
      file.write({ ...Object.fromEntries(next), issuer });
    },
    tokens(context) {
      const issuer = context?.issuer ?? file.read().issuer;
      return saved<StoredOAuthTokens>('tokens')[typeof issuer === 'string' ? issuer : ''];
    },
    client: (context) => saved<StoredOAuthClientInformation>('clients')[context?.issuer ?? ''],
    forget: (part) => file.write({ [part]: undefined }),
  };
}

/** All saved tokens as one text, to compare. */
export function savedTokens(file: CredentialFile): string {
  return JSON.stringify(file.read().tokens ?? null);
}
