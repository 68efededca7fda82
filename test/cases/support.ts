import { fileURLToPath } from 'node:url';

export { freshHome, run, terminal } from '../commands/support.ts';

/** Arguments that start a server of this folder. */
export function caseOf(name: string): readonly string[] {
  return ['--', process.execPath, fileURLToPath(new URL(`./${name}.mjs`, import.meta.url))];
}
