import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { nearest } from '../did-you-mean.ts';
import { safeText } from '../display/safe-text.ts';
import { configurationFiles, fileAt } from './configuration-files.ts';
import { type ConfiguredServer, readConfiguration, SHAPES } from './read-configuration.ts';
import { resolveConfigured } from './resolve-configured.ts';
import type { ConnectFlags, ResolvedTarget } from './resolved-target.ts';
import { shortPath } from './short-path.ts';
import { TARGET_HINT } from './target-hint.ts';

/** All servers of all files, those of the nearest file first. */
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

/** Splits `file.json:name`; `undefined` for other words. */
export function splitPicked(words: string): { readonly path: string; readonly name: string } | undefined {
  const [, path, name] = /^(.+?\.(?:jsonc?|toml|ya?ml)):(.+)$/s.exec(words) ?? [];
  return path === undefined || name === undefined ? undefined : { path, name };
}

/** The server of this name in the configuration files; `file.json:name` picks the file. */
export async function findConfigured(
  name: string,
  flags: ConnectFlags,
  context: Context,
): Promise<ResolvedTarget | undefined> {
  const picked = splitPicked(name);
  if (picked !== undefined) return findInFile(picked.path, picked.name, flags, context);
  const { first, others } = await findNamed(name, context);
  if (first === undefined) return undefined;
  const different = others.filter((each) => each.digest !== first.digest);
  if (different.length > 0) {
    const places = different.map((each) => shortPath(each.file, context)).join(', ');
    note(`"${name}" of ${shortPath(first.file, context)} is used; it is also in ${places}`, context);
  }
  return resolveConfigured(first, flags, context);
}

/** A usable entry wins over an unusable one; among equals the nearest file wins. */
async function findNamed(
  name: string,
  context: Context,
): Promise<{ readonly first: ConfiguredServer | undefined; readonly others: readonly ConfiguredServer[] }> {
  const found = (await listConfigured(context)).filter((each) => each.name === name);
  const first = found.find(({ entry }) => entry.kind !== 'unusable') ?? found[0];
  return { first, others: found.filter((each) => each !== first) };
}

/** `demo` means the bundled server; a configured server named `demo` needs its file in front. */
export async function noteHiddenDemo(name: string, context: Context): Promise<void> {
  const { first } = await findNamed(name, context);
  if (first === undefined) return;
  const file = shortPath(first.file, context);
  note(`${name} is the bundled server; the one of ${file} is ${file}:${name}`, context);
}

function note(text: string, context: Context): void {
  context.stderr.write(`note: ${safeText(text)}\n`);
}

/** All servers of a file named on the command line. @throws {CliError} when the file is missing or has no server */
export async function serversIn(path: string, context: Context): Promise<readonly ConfiguredServer[]> {
  const absolute = path.startsWith('~/') ? join(context.homeDirectory, path.slice(2)) : resolve(context.cwd, path);
  if (!existsSync(absolute)) throw new CliError('target-not-found', `There is no file ${path}`, TARGET_HINT);
  const servers = await readConfiguration(fileAt(absolute, context), context.cwd);
  if (servers.length === 0) throw new CliError('target-not-found', `${path} names no server`, SHAPES);
  return servers;
}

async function findInFile(path: string, name: string, flags: ConnectFlags, context: Context): Promise<ResolvedTarget> {
  const found = pickNamed(await serversIn(path, context), name, path);
  return { ...(await resolveConfigured(found, flags, context)), words: [`${path}:${name}`] };
}

export function pickNamed<Entry extends { readonly name: string }>(
  servers: readonly Entry[],
  name: string,
  path: string,
): Entry {
  const found = servers.find((each) => each.name === name);
  if (found !== undefined) return found;
  const names = servers.map((each) => each.name);
  const message = `${path} has no server "${name}"`;
  throw new CliError('target-not-found', message, hintFor(name, names, `It has ${names.join(', ')}.`));
}

export async function unknownName(name: string, context: Context): Promise<CliError> {
  const configured = (await listConfigured(context)).map((each) => each.name);
  const names = [...Object.keys(context.settings?.aliases ?? {}), ...configured];
  const message = `No server is called "${name}"`;
  return new CliError('target-not-found', message, hintFor(name, [...names, 'demo'], TARGET_HINT));
}

function hintFor(name: string, names: readonly string[], otherwise: string): string {
  const near = nearest(name, names);
  return near === undefined ? otherwise : `Did you mean ${near}?`;
}
