import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { KeeperPlace } from '@mcp-tasks/client/keeper';
import * as z from 'zod';
import type { Context } from '../context.ts';
import { stateDirectory } from '../state-directory.ts';

const keeperShape = z.object({
  pid: z.number().int().positive(),
  startedAt: z.number(),
  server: z.string(),
  fingerprint: z.string(),
  path: z.string(),
});

/** The file of a live keeper, for `mcp-tasks keepers`; it outlives a keeper that was killed. */
export type KeeperFile = z.infer<typeof keeperShape>;

export interface FoundKeeper extends KeeperFile {
  readonly file: string;
}

function fileOf({ lock }: KeeperPlace): string {
  return `${lock}.json`;
}

/** Requires the folder, which holds the socket or its lock. */
export async function writeKeeper(place: KeeperPlace, keeper: Omit<KeeperFile, 'path'>): Promise<void> {
  await writeFile(fileOf(place), JSON.stringify({ ...keeper, path: place.path }), { mode: 0o600 });
}

/** Resolves to a check: true once the folder of the keepers was deleted or replaced. */
export async function watchFolder({ lock }: KeeperPlace): Promise<() => Promise<boolean>> {
  const folder = dirname(lock);
  const { ino } = await stat(folder);
  return async () => {
    const found = await stat(folder).catch((error: NodeJS.ErrnoException) => error);
    return found instanceof Error ? found.code === 'ENOENT' : found.ino !== ino;
  };
}

/** Removes the file only if it names this process: another keeper of the server may have started. */
export async function removeKeeper(place: KeeperPlace, pid: number): Promise<void> {
  const file = fileOf(place);
  if ((await read(file))?.pid === pid) await rm(file, { force: true });
}

export async function readKeepers(context: Context): Promise<readonly FoundKeeper[]> {
  const folder = join(stateDirectory(context), 'keepers');
  const names = await readdir(folder).catch(() => []);
  const files = names.filter((name) => name.endsWith('.json')).map((name) => join(folder, name));
  const found = await Promise.all(
    files.map(async (file) => {
      const keeper = await read(file);
      return keeper === undefined ? [] : [{ ...keeper, file }];
    }),
  );
  return found.flat();
}

/** `undefined` when the keeper ended meanwhile. */
async function read(file: string): Promise<KeeperFile | undefined> {
  try {
    return keeperShape.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return undefined;
  }
}
