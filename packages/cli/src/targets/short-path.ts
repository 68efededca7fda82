import { relative } from 'node:path';
import type { Context } from '../context.ts';
import type { ConfigurationFile } from './configuration-files.ts';

/** As a person in this directory would write it. */
export function shortPath(file: Pick<ConfigurationFile, 'path'>, { cwd, homeDirectory }: Context): string {
  const here = relative(cwd, file.path);
  if (!here.startsWith('..')) return here;
  const home = relative(homeDirectory, file.path);
  return home.startsWith('..') ? file.path : `~/${home}`;
}
