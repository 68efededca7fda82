import type { TaskRecord } from '@mcp-tasks/client';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { isConfirmed } from './confirmations.ts';
import { hasVariables } from './expand-variables.ts';
import { listConfigured } from './find-configured.ts';
import { identifyTarget } from './identify-target.ts';
import { readClient, readEnv, readHeaders } from './read-connect-flags.ts';
import { resolveConfigured } from './resolve-configured.ts';
import type { ConnectFlags, ResolvedTarget } from './resolved-target.ts';
import { urlWords } from './url-words.ts';

/**
 * Resolves a recorded server again. Header and environment values come from its configuration entry, if there still is
 * one, and from the flags.
 */
export async function recallTarget(record: TaskRecord, flags: ConnectFlags, context: Context): Promise<ResolvedTarget> {
  const { target, label } = record.server;
  const configured = await findRecorded(record, flags, context);
  if (configured !== undefined) return configured;
  if (target.kind === 'url' && hasVariables(writtenUrl(target.url))) {
    const message = `The configuration of "${label}" was not found, and its URL has variables in it`;
    throw new CliError('target-not-found', message, 'Run this in the directory of its file, or restore the entry.');
  }
  const headers = readHeaders(flags, context);
  const words = [target.kind === 'url' ? urlWords(target) : label];
  return { target, label, headers, client: readClient(flags, context), env: readEnv(flags), isDemo: false, words };
}

/** A confirmed entry wins: a project's file must not take over a task of the person's own server. */
async function findRecorded(
  { server }: TaskRecord,
  flags: ConnectFlags,
  context: Context,
): Promise<ResolvedTarget | undefined> {
  // A server of the person's own file ran in the directory of the call.
  const recordedCwd = server.target.kind === 'command' ? server.target.cwd : undefined;
  let unconfirmed: ResolvedTarget | undefined;
  for (const each of await listConfigured(context)) {
    if (each.name !== server.label || each.entry.kind === 'unusable') continue;
    const isPersonal = each.file.owner === 'person' && each.directory === context.cwd;
    const there = isPersonal && recordedCwd !== undefined ? { ...each, directory: recordedCwd } : each;
    const resolved = await resolveConfigured(there, flags, context);
    if (identifyTarget(resolved).fingerprint !== server.fingerprint) continue;
    if (flags.allowProject === true || (await isConfirmed(each, context))) return resolved;
    unconfirmed ??= resolved;
  }
  return unconfirmed;
}

/** The URL as the file has it: recording has escaped `{` and `}`. */
function writtenUrl(url: string): string {
  return url.replaceAll('%7B', '{').replaceAll('%7D', '}');
}
