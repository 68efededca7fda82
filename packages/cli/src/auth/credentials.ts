import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from '../context.ts';
import { stateDirectory } from '../state-directory.ts';
import { type CredentialFile, openCredentialFile } from './credential-file.ts';

function directoryOf(context: Context): string {
  return join(stateDirectory(context), 'credentials');
}

function pathOf(context: Context, fingerprint: string): string {
  return join(directoryOf(context), `${fingerprint}.json`);
}

/** The credential file of this server; records never contain credentials. */
export function credentialsOf(context: Context, fingerprint: string): CredentialFile {
  return openCredentialFile(pathOf(context, fingerprint));
}

/** The credential lock. A sign-out deletes `credentials/`, and a lock on a deleted file excludes no process. */
export function lockPathOf(context: Context, fingerprint: string): string {
  return join(stateDirectory(context), 'locks', `${fingerprint}.lock`);
}

/** Instant of the last sign-in or token refresh by any process; undefined when no credentials are saved. */
export function signedInAt(context: Context, fingerprint: string): number | undefined {
  try {
    return statSync(pathOf(context, fingerprint), { throwIfNoEntry: false })?.mtimeMs;
  } catch {
    return undefined;
  }
}

export function forgetAllCredentials(context: Context): void {
  rmSync(directoryOf(context), { recursive: true, force: true });
}
