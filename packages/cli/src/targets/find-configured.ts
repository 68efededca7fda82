import { existsSync } from 'node:fs';
import { basename, dirname, relative, resolve } from 'node:path';
import type { Target, TaskRecord } from '@mcp-tasks/client';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { nearest } from '../did-you-mean.ts';
import { safeText } from '../display/safe-text.ts';
import { type ConfigurationFile, configurationFiles } from './configuration-files.ts';
import { expandVariables } from './expand-variables.ts';
import { identifyTarget } from './identify-target.ts';
import { type ConfiguredServer, readConfiguration } from './read-configuration.ts';
import { readClient, readEnv, readHeaders, TARGET_HINT } from './resolve-target.ts';
import type { ConnectFlags, ResolvedTarget } from './resolved-target.ts';

type Texts = Readonly<Record<string, string>>;

/** Every server of every file, the one that wins a name before the others of that name. */
export async function listConfigured(
  context: Context,
  onTrouble: (error: CliError) => void = () => undefined,
): Promise<readonly ConfiguredServer[]> {
  const all = await Promise.all(
    configurationFiles(context).map((file) =>
      readConfiguration(file, context.cwd).catch((error: unknown) => {
        if (!(error instanceof CliError)) throw error;
        onTrouble(error);
        return [];
      }),
    ),
  );
  return all.flat();
}

/** The server that the configuration files know under this name; `file.json:name` picks the file. */
export async function findConfigured(
  name: string,
  flags: ConnectFlags,
  context: Context,
): Promise<ResolvedTarget | undefined> {
  const picked = /^(.*\.(json|jsonc|toml)):([^:]+)$/.exec(name);
  if (picked !== null) return findInFile(picked[1] ?? '', picked[3] ?? '', flags, context);
  const found = (await listConfigured(context)).filter((each) => each.name === name);
  const [first, ...others] = found;
  if (first === undefined) return undefined;
  const different = others.filter((each) => JSON.stringify(each.entry) !== JSON.stringify(first.entry));
  if (different.length > 0) {
    const places = different.map((each) => shortPath(each.file, context)).join(', ');
    const note = `"${name}" of ${shortPath(first.file, context)} is used; it is also in ${places}`;
    context.stderr.write(`note: ${safeText(note)}\n`);
  }
  return resolveConfigured(first, flags, context);
}

async function findInFile(path: string, name: string, flags: ConnectFlags, context: Context): Promise<ResolvedTarget> {
  const absolute = resolve(context.cwd, path);
  const format = path.endsWith('.toml') ? 'toml' : 'json';
  const file: ConfigurationFile = { path: absolute, host: basename(path), directory: dirname(absolute), format };
  if (!existsSync(absolute)) throw new CliError('target-not-found', `There is no file ${path}`, TARGET_HINT);
  const servers = await readConfiguration(file, context.cwd);
  const found = servers.find((each) => each.name === name);
  if (found !== undefined) return resolveConfigured(found, flags, context);
  const names = servers.map((each) => each.name);
  throw new CliError(
    'target-not-found',
    `${path} has no server "${name}"`,
    hintFor(name, names, `It has ${names.join(', ') || 'none'}.`),
  );
}

export function resolveConfigured(
  { name, file, entry }: ConfiguredServer,
  flags: ConnectFlags,
  context: Context,
): ResolvedTarget {
  const variables = { env: context.env, directory: file.directory, homeDirectory: context.homeDirectory };
  const where = `"${name}" of ${shortPath(file, context)}`;
  const expand = (text: string): string => expandVariables(text, variables, where);
  // What a flag gives in its place may be what cannot be filled in here.
  const fill = (values: Texts, given: Texts, fold: (name: string) => string): Texts => {
    const replaced = new Set(Object.keys(given).map(fold));
    const left = Object.entries(values).filter(([name]) => !replaced.has(fold(name)));
    return { ...Object.fromEntries(left.map(([name, value]) => [name, expand(value)])), ...given };
  };
  const base = { label: name, isDemo: false, words: [name] };
  if (entry.kind === 'url') {
    const headers = fill(entry.headers, readHeaders(flags, context), (name) => name.toLowerCase());
    const target: Target = { kind: 'url', url: expand(entry.url) };
    if (!URL.canParse(target.url)) throw new CliError('target-invalid', `${where} has no usable URL: ${target.url}`);
    // With its variables in place of their values, where that still is a URL: values may be secrets.
    const recorded: Target = URL.canParse(entry.url) ? { kind: 'url', url: entry.url } : target;
    const { transport } = entry;
    return { ...base, target, recorded, headers, transport, client: readClient(flags, context), env: {} };
  }
  const directory = flags.cwd ?? entry.cwd;
  const cwd = directory === undefined ? file.directory : resolve(file.directory, expand(directory));
  const { command, args } = entry;
  const target: Target = { kind: 'command', command: expand(command), args: args.map(expand), cwd };
  const env = fill(entry.env, readEnv(flags), (name) => name);
  return { ...base, target, recorded: { kind: 'command', command, args, cwd }, headers: {}, env };
}

export async function unknownName(name: string, context: Context): Promise<CliError> {
  const names = (await listConfigured(context)).map((each) => each.name);
  const message = `No server is called "${name}"`;
  return new CliError('target-not-found', message, hintFor(name, [...names, 'demo'], TARGET_HINT));
}

function hintFor(name: string, names: readonly string[], otherwise: string): string {
  const near = nearest(name, names);
  return near === undefined ? otherwise : `Did you mean ${near}?`;
}

/** A recorded server with its header and environment values: from the configuration that still has it, and the flags. */
export async function recallTarget(record: TaskRecord, flags: ConnectFlags, context: Context): Promise<ResolvedTarget> {
  const { fingerprint, target, label } = record.server;
  for (const server of await listConfigured(context)) {
    if (server.name !== label) continue;
    const resolved = resolveConfigured(server, flags, context);
    if (identifyTarget(resolved).fingerprint === fingerprint) return resolved;
  }
  const headers = readHeaders(flags, context);
  const words = [target.kind === 'url' ? target.url : label];
  return { target, label, headers, client: readClient(flags, context), env: readEnv(flags), isDemo: false, words };
}

/** As a person in this directory would write it. */
export function shortPath(file: ConfigurationFile, { cwd, homeDirectory }: Context): string {
  const here = relative(cwd, file.path);
  if (!here.startsWith('..')) return here;
  const home = relative(homeDirectory, file.path);
  return home.startsWith('..') ? file.path : `~/${home}`;
}
