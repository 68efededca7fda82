import { closeSync, existsSync, openSync, readSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Bytes to read of an executable: its header contains the path of the dynamic loader. */
const HEAD_BYTES = 4_096;

const requireHere = createRequire(import.meta.url);

/**
 * Replaces `@neon-rs/load` in the bundled libsql. Loads the native module from where npm and pnpm install it. libsql
 * itself resolves four packages and reads the diagnostic report of Node.js, which takes longer than loading SQLite.
 */
export function load(): unknown {
  const target = libsqlTarget(process.platform, process.arch, isMusl);
  const folder = folderOf('libsql');
  const file = folder === undefined ? undefined : join(folder, '../@libsql', target, 'index.node');
  if (file !== undefined && existsSync(file)) return requireHere(file);
  return createRequire(requireHere.resolve('libsql'))(`@libsql/${target}`);
}

/** Name of the libsql build for a machine. `isMuslHere` is asked on Linux only. */
export function libsqlTarget(platform: string, arch: string, isMuslHere: () => boolean): string {
  if (platform === 'win32') return `win32-${arch}-msvc`;
  if (platform !== 'linux') return `${platform}-${arch}`;
  const libc = isMuslHere() ? 'musl' : 'gnu';
  return arch === 'arm' ? `linux-arm-${libc}eabihf` : `linux-${arch}-${libc}`;
}

/** Nearest installed package of this name, with links resolved. */
function folderOf(name: string): string | undefined {
  for (let at = import.meta.dirname; ; at = dirname(at)) {
    const folder = join(at, 'node_modules', name);
    if (existsSync(folder)) return realpathSync(folder);
    if (dirname(at) === at) return undefined;
  }
}

/** True when the Node.js executable uses musl. */
function isMusl(): boolean {
  const head = headOf(process.execPath);
  if (/\/ld-(linux|musl)/.test(head)) return head.includes('/ld-musl');
  const report = process.report?.getReport() as { readonly header?: object } | undefined;
  return !('glibcVersionRuntime' in (report?.header ?? {}));
}

function headOf(program: string): string {
  const head = Buffer.alloc(HEAD_BYTES);
  try {
    const file = openSync(program, 'r');
    try {
      readSync(file, head, 0, HEAD_BYTES, 0);
    } finally {
      closeSync(file);
    }
  } catch {
    return '';
  }
  return head.toString('latin1');
}
