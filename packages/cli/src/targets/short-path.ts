import { relative } from 'node:path';
import type { Context } from '../context.ts';
import type { ConfigurationFile } from './configuration-files.ts';

/** The path relative to the current directory or the home (`~`), as a person would type it. */
export function shortPath(file: Pick<ConfigurationFile, 'path'>, { cwd, homeDirectory }: Context): string {
  const here = relative(cwd, file.path);
  if (!here.startsWith('..')) return here;
  const home = relative(homeDirectory, file.path);
  return home.startsWith('..') ? file.path : `~/${home}`;
}
