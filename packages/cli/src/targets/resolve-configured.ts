import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import type { Target } from '@mcp-tasks/client';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { expandVariables, hasVariables } from './expand-variables.ts';
import type { ConfiguredServer } from './read-configuration.ts';
import { readClient, readEnv, readHeaders } from './read-connect-flags.ts';
import type { ServerEntry } from './read-entry.ts';
import { type Replacement, replacementsFor } from './redact.ts';
import type { ConnectFlags, ResolvedTarget } from './resolved-target.ts';
import { shortPath } from './short-path.ts';

type Texts = Readonly<Record<string, string>>;
type UrlEntry = Extract<ServerEntry, { kind: 'url' }>;
type CommandEntry = Extract<ServerEntry, { kind: 'command' }>;

/** The expansion of one entry. It collects the values it filled in, so that no error shows them. */
interface Filling {
  readonly where: string;
  readonly replacements: Replacement[];
  expand(text: string): string;
  /** Expands the values that no flag overrides. */
  fill(values: Texts, given: Texts, fold: (name: string) => string): Texts;
}

/** A configured server with its variables filled in. @throws {CliError} when it cannot be used */
export async function resolveConfigured(
  server: ConfiguredServer,
  flags: ConnectFlags,
  context: Context,
): Promise<ResolvedTarget> {
  const { name, file, entry } = server;
  const where = `"${name}" of ${shortPath(file, context)}`;
  if (entry.kind === 'unusable') throw new CliError('target-invalid', `${where} ${entry.why}`, 'Correct the entry.');
  const filling = fillingOf(server, where, context);
  const origin = file.owner === 'project' && flags.allowProject !== true ? { origin: server } : {};
  const base = { label: name, isDemo: false, words: [name], replacements: filling.replacements, ...origin };
  if (entry.kind === 'url') return { ...base, ...resolveUrl(entry, filling, flags, context) };
  return { ...base, ...(await resolveCommand(entry, server.directory, filling, flags, context)) };
}

function fillingOf({ directory }: ConfiguredServer, where: string, context: Context): Filling {
  const variables = { env: context.env, directory, homeDirectory: context.homeDirectory };
  const replacements: Replacement[] = [];
  const expand = (text: string): string => {
    const expanded = expandVariables(text, variables, where);
    replacements.push(...replacementsFor(text, expanded));
    return expanded.text;
  };
  return {
    where,
    replacements,
    expand,
    fill(values, given, fold) {
      const replaced = new Set(Object.keys(given).map(fold));
      const left = Object.entries(values).filter(([name]) => !replaced.has(fold(name)));
      return { ...Object.fromEntries(left.map(([name, value]) => [name, expand(value)])), ...given };
    },
  };
}

/** Records keep the URL as in the file: variables may hold secrets, and a reconnect expands them again. */
function resolveUrl(
  { url: written, headers: all, transport, protocol }: UrlEntry,
  { where, expand, fill }: Filling,
  flags: ConnectFlags,
  context: Context,
): Pick<ResolvedTarget, 'target' | 'recorded' | 'headers' | 'client' | 'env' | 'transport'> {
  const headers = fill(all, readHeaders(flags, context), (name) => name.toLowerCase());
  const url = expand(written);
  if (!URL.canParse(url))
    throw new CliError('target-invalid', `${where} has no usable URL: ${written}`, 'Correct the entry.');
  const sse = transport === undefined ? {} : { transport };
  const spoken = protocol === undefined ? {} : { protocol };
  const recorded: Target = { kind: 'url', url: written, ...spoken };
  return {
    target: { kind: 'url', url, ...spoken },
    recorded,
    headers,
    client: readClient(flags, context),
    env: {},
    ...sse,
  };
}

async function resolveCommand(
  entry: CommandEntry,
  base: string,
  { where, expand, fill }: Filling,
  flags: ConnectFlags,
  context: Context,
): Promise<Pick<ResolvedTarget, 'target' | 'recorded' | 'headers' | 'env'>> {
  const { command, args, inherit, envFile } = entry;
  if (args.length === 0 && /\s/.test(command) && !existsSync(command)) {
    const message = `${where} has its arguments in "command"`;
    throw new CliError('target-invalid', message, 'Write the program there alone, and the rest as a list in "args".');
  }
  const written = flags.cwd ?? entry.cwd;
  const cwd = written === undefined ? base : resolve(base, fromHome(expand(written), context));
  const inherited = inherit.flatMap((name) => {
    const value = context.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  const file = envFile === undefined ? {} : await readEnvFile(resolve(base, fromHome(expand(envFile), context)), where);
  const env = { ...Object.fromEntries(inherited), ...file, ...fill(entry.env, readEnv(flags), (name) => name) };
  const target: Target = { kind: 'command', command: expand(command), args: args.map(expand), cwd };
  const recordedCwd = written !== undefined && hasVariables(written) ? written : cwd;
  return { target, recorded: { kind: 'command', command, args, cwd: recordedCwd }, headers: {}, env };
}

function fromHome(path: string, { homeDirectory }: Context): string {
  return path === '~' || path.startsWith('~/') ? join(homeDirectory, path.slice(1)) : path;
}

async function readEnvFile(path: string, where: string): Promise<Texts> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new CliError(
      'configuration-invalid',
      `${where} takes variables from ${path}, which cannot be read: ${error.code ?? error.message}`,
      'Make that file readable, or correct the entry.',
    );
  });
  return parseEnv(text) as Texts;
}
