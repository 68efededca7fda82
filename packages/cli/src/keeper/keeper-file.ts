import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Context } from '../context.ts';
import { stateDirectory } from '../state-directory.ts';

/** What a holder leaves on disk while it lives, for people who want to know what runs. */
export interface Holder {
  readonly pid: number;
  readonly startedAt: number;
  readonly server: string;
  /** The record it keeps going. */
  readonly id: string;
}

function directoryOf(context: Context): string {
  return join(stateDirectory(context), 'holders');
}

export async function writeHolder(context: Context, holder: Holder): Promise<void> {
  const directory = directoryOf(context);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await writeFile(join(directory, `${holder.pid}.json`), JSON.stringify(holder), { mode: 0o600 });
}

export async function removeHolder(context: Context, pid: number): Promise<void> {
  await rm(join(directoryOf(context), `${pid}.json`), { force: true });
}

export async function readHolders(context: Context): Promise<readonly Holder[]> {
  const directory = directoryOf(context);
  const names = await readdir(directory).catch(() => []);
  const found = await Promise.all(
    names.map(async (name) => {
      try {
        return [JSON.parse(await readFile(join(directory, name), 'utf8')) as Holder];
      } catch {
        return []; // it ended between the two looks
      }
    }),
  );
  return found.flat();
}
