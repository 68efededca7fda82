import type { Target } from '@mcp-tasks/client';
import type { ConfiguredServer } from './read-configuration.ts';
import type { Replacement } from './redact.ts';

/** A resolved target. Header and environment values exist only here and are never recorded. */
export interface ResolvedTarget {
  readonly target: Target;
  /** The target with variables unexpanded, when it has any: records keep this one. */
  readonly recorded?: Target | undefined;
  /** The entry of a project's file that a person must confirm before anything is started or sent. */
  readonly origin?: ConfiguredServer | undefined;
  /** Values of variables that messages must not show. */
  readonly replacements?: readonly Replacement[] | undefined;
  /** Display name. @default the host name or the command */
  readonly label?: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
  /** The transport named in the configuration file. @default detected */
  readonly transport?: 'sse' | undefined;
  /** The OAuth client that the operator registered for us. */
  readonly client?: OAuthClient | undefined;
  readonly isDemo: boolean;
  /** The words that name the target on a command line; `commandToPaste` quotes them. */
  readonly words: readonly string[];
}

export interface OAuthClient {
  readonly id: string;
  /** Without `isForPerson` the client uses the client credentials grant with this secret. */
  readonly secret?: string | undefined;
  /** The only authorization server that may receive the secret. */
  readonly issuer?: string | undefined;
  /** A person signs in with this client in a browser; always true without a secret. */
  readonly isForPerson: boolean;
  /** Port of the registered redirect URI. @default any free port */
  readonly callbackPort?: number | undefined;
}

/** Flags of every command that connects. */
export interface ConnectFlags {
  /** `Name: value`, repeatable. */
  readonly header?: readonly string[];
  /** The environment variable that holds a bearer token. */
  readonly tokenEnv?: string;
  /** An OAuth client that the server's operator registered. */
  readonly clientId?: string;
  /** The environment variable that holds its secret. */
  readonly clientSecretEnv?: string;
  /** The only issuer that may receive the secret. */
  readonly issuer?: string;
  /** Use the browser flow even though the client has a secret. */
  readonly signIn?: boolean;
  /** Sign in although the authorization server does not advertise PKCE. */
  readonly allowNoPkce?: boolean;
  /** Port of the registered redirect URI. */
  readonly callbackPort?: string;
  /** `K=V` for a stdio server, repeatable. */
  readonly env?: readonly string[];
  /** Working directory of a stdio server. */
  readonly cwd?: string;
  /** Skip the confirmation of a project's entry for this run. */
  readonly allowProject?: boolean;
}
