import { realpathSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { stateDirectory } from '../state-directory.ts';
import type { ConfiguredServer } from './read-configuration.ts';

/** An entry of a file with its current content. */
export type Confirmable = Pick<ConfiguredServer, 'file' | 'name' | 'digest'>;

/** A confirmed entry of a project's file. A changed entry needs a new confirmation. */
export interface Confirmation {
  readonly path: string;
  readonly name: string;
  readonly sha256: string;
}

export async function isConfirmed(server: Confirmable, context: Context): Promise<boolean> {
  if (server.file.owner === 'person') return true;
  const wanted = confirmationOf(server);
  return (await readConfirmations(context)).some((each) => isSame(each, wanted) && each.sha256 === wanted.sha256);
}

export async function confirm(servers: readonly Confirmable[], context: Context): Promise<void> {
  const added = servers.map(confirmationOf);
  const kept = (await readConfirmations(context)).filter((each) => !added.some((one) => isSame(one, each)));
  await write([...kept, ...added], context);
}

/** Revokes confirmations; returns how many there were. */
export async function revoke(path: string, name: string | undefined, context: Context): Promise<number> {
  const all = await readConfirmations(context);
  const at = realPath(path);
  const kept = all.filter((each) => each.path !== at || (name !== undefined && each.name !== name));
  if (kept.length < all.length) await write(kept, context);
  return all.length - kept.length;
}

export async function readConfirmations(context: Context): Promise<readonly Confirmation[]> {
  const path = confirmationsPath(context);
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '{}';
    throw new CliError(
      'configuration-invalid',
      `${path} cannot be read: ${error.code ?? error.message}`,
      'Make it readable.',
    );
  });
  try {
    const { entries } = JSON.parse(text) as { readonly entries?: readonly Partial<Confirmation>[] };
    return (entries ?? []).flatMap(({ path: of, name, sha256 }) =>
      of === undefined || name === undefined || sha256 === undefined ? [] : [{ path: of, name, sha256 }],
    );
  } catch {
    throw new CliError('configuration-invalid', `${path} is not JSON`, 'Delete it; then allow again what you need.');
  }
}

async function write(entries: readonly Confirmation[], context: Context): Promise<void> {
  const path = confirmationsPath(context);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const next = `${path}.${context.pid}.new`;
  await writeFile(next, `${JSON.stringify({ version: 1, entries }, null, 2)}\n`, { mode: 0o600 });
  await rename(next, path);
}

export function confirmationsPath(context: Context): string {
  return join(stateDirectory(context), 'allowed.json');
}

function confirmationOf({ file, name, digest }: Confirmable): Confirmation {
  return { path: realPath(file.path), name, sha256: digest };
}

function isSame(one: Confirmation, other: Confirmation): boolean {
  return one.path === other.path && one.name === other.name;
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
