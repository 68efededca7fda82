import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';

export const root = resolve(import.meta.dirname, '../../..');
const IMPORT = /(?:from|import)\s*\(?\s*'([^']+)'/g;

export interface Source {
  /** Path from the repository's root. */
  readonly path: string;
  readonly text: string;
  /** Imports, including types: a path from the root for files, a name for packages. */
  readonly imports: readonly string[];
}

/** The code without comments, where every name is allowed. */
export function codeOf(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|(?<!:)\/\/.*$/gm, '');
}

export function sourcesUnder(folder: string): readonly Source[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name) && !/\.test\.tsx?$|(^|\/)node_modules\//.test(name))
    .map((name) => {
      const path = join(folder, name);
      const text = readFileSync(join(root, path), 'utf8');
      const imports = [...codeOf(text).matchAll(IMPORT)].map(([, target = '']) =>
        target.startsWith('.') ? relative(root, resolve(root, path, '..', target)) : target,
      );
      return { path, text, imports };
    });
}
