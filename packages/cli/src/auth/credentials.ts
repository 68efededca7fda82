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

/** What signing in to this server left behind, beside the records and never in them. */
export function credentialsOf(context: Context, fingerprint: string): CredentialFile {
  return openCredentialFile(pathOf(context, fingerprint));
}

export function lockPathOf(context: Context, fingerprint: string): string {
  return `${pathOf(context, fingerprint)}.lock`;
}

/**
 * When somebody last signed in to this server, in whatever process; to be compared, since a renewal counts as well.
 * Where nothing can be kept, nobody ever has.
 */
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
