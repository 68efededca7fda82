import { closeSync, existsSync, openSync, readSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Bytes to read of an executable: its header contains the path of the dynamic loader. */
const HEAD_BYTES = 4_096;

const requireHere = createRequire(import.meta.url);

/** Resolves a dependency of libsql from libsql's own folder. */
export function requireOfLibsql(name: string): unknown {
  return createRequire(requireHere.resolve('libsql'))(name);
}

/**
 * Loads the native module of libsql from where npm and pnpm install it; undefined when libsql has to find it. libsql
 * resolves four packages and reads the diagnostic report of Node.js, which takes several times as long as loading SQLite.
 */
export function nativeOfLibsql(): unknown {
  const target = targetHere();
  if (target === undefined) return undefined;
  const folder = folderOf('libsql');
  const file = folder === undefined ? undefined : join(folder, '../@libsql', target, 'index.node');
  return file !== undefined && existsSync(file) ? requireHere(file) : undefined;
}

/** Nearest installed package of this name, with links resolved. */
function folderOf(name: string): string | undefined {
  for (let at = import.meta.dirname; ; at = dirname(at)) {
    const folder = join(at, 'node_modules', name);
    if (existsSync(folder)) return realpathSync(folder);
    if (dirname(at) === at) return undefined;
  }
}

/** Name of the libsql build for this machine; undefined when libsql has to detect it. */
function targetHere(): string | undefined {
  const { arch, platform, env } = process;
  if (env.LIBSQL_JS_DEV !== undefined || (arch !== 'x64' && arch !== 'arm64')) return undefined;
  if (platform === 'darwin') return `darwin-${arch}`;
  return platform === 'linux' && isOfGlibc() ? `linux-${arch}-gnu` : undefined;
}

/** True when the Node.js executable uses glibc; false when this cannot be determined. */
function isOfGlibc(): boolean {
  try {
    const head = Buffer.alloc(HEAD_BYTES);
    const program = openSync(process.execPath, 'r');
    try {
      readSync(program, head, 0, HEAD_BYTES, 0);
    } finally {
      closeSync(program);
    }
    return head.includes('/ld-linux');
  } catch {
    return false;
  }
}
