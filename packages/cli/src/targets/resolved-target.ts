import type { Target } from '@mcp-tasks/client';
import type { ConfiguredServer } from './read-configuration.ts';
import type { Replacement } from './redact.ts';

/** How a person's words reach a server. Header and environment values live here only, and are never recorded. */
export interface ResolvedTarget {
  readonly target: Target;
  /** The same with variables in place of their values, where it has any: this is what a record keeps. */
  readonly recorded?: Target | undefined;
  /** The entry of a project's file that a person has to confirm before anything is started or sent. */
  readonly origin?: ConfiguredServer | undefined;
  /** Values of variables, which stand in no message. */
  readonly replacements?: readonly Replacement[] | undefined;
  /** For people; without it the host name or the command. */
  readonly label?: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
  /** The transport that a configuration file names for it. @default it is found out */
  readonly transport?: 'sse' | undefined;
  /** What the operator of an authorization server gave out for us. */
  readonly client?: OAuthClient | undefined;
  readonly isDemo: boolean;
  /** The words that name it again on a command line; `commandToPaste` quotes them. */
  readonly words: readonly string[];
}

export interface OAuthClient {
  readonly id: string;
  /** With it the client signs in for itself, unless a person is to sign in with it. */
  readonly secret?: string | undefined;
  /** The only authorization server that may see the secret. */
  readonly issuer?: string | undefined;
  /** A person signs in with it, in a browser: always so without a secret. */
  readonly isForPerson: boolean;
  /** Where the browser has to come back to, when the operator has written that down. @default any free port */
  readonly callbackPort?: number | undefined;
}

/** Flags of every command that connects. */
export interface ConnectFlags {
  /** `Name: value`, several times. */
  readonly header?: readonly string[];
  /** The environment variable that holds a bearer token. */
  readonly tokenEnv?: string;
  /** An OAuth client that the server's operator gave out. */
  readonly clientId?: string;
  /** The environment variable that holds its secret. */
  readonly clientSecretEnv?: string;
  /** Where the secret may be sent, and nowhere else. */
  readonly issuer?: string;
  /** A person signs in with that client, although it has a secret. */
  readonly signIn?: boolean;
  /** Sign in although the authorization server does not say that it supports PKCE. */
  readonly allowNoPkce?: boolean;
  /** The port of the redirect that the operator has registered for it. */
  readonly callbackPort?: string;
  /** `K=V` for a stdio server, several times. */
  readonly env?: readonly string[];
  /** Directory of a stdio server. */
  readonly cwd?: string;
  /** For this run, an entry of a project's file needs no confirmation. */
  readonly allowProject?: boolean;
}
