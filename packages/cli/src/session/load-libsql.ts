import { closeSync, openSync, readSync } from 'node:fs';
import { createRequire } from 'node:module';
import type Libsql from 'libsql';

/** Bytes to read of an executable: its header contains the path of the dynamic loader. */
const HEAD_BYTES = 4_096;

const requireHere = createRequire(import.meta.url);

/**
 * Replaces `libsql` in the bundle. libsql loads two packages and the diagnostic report of Node.js to detect the C
 * library, which takes several times as long as loading SQLite.
 */
const libsql: typeof Libsql = load();
export default libsql;

function load(): typeof Libsql {
  const target = targetHere();
  if (target === undefined) return requireHere('libsql');
  const fromLibsql = createRequire(requireHere.resolve('libsql'));
  const family = target.endsWith('-gnu') ? 'glibc' : null;
  const answers = new Map<string, object>([
    [fromLibsql.resolve('@neon-rs/load'), { currentTarget: () => target }],
    [fromLibsql.resolve('detect-libc'), { familySync: () => family, GLIBC: 'glibc', MUSL: 'musl' }],
  ]);
  for (const [path, exports] of answers) {
    requireHere.cache[path] = Object.assign(Object.create(null), { id: path, filename: path, loaded: true, exports });
  }
  try {
    return requireHere('libsql');
  } finally {
    for (const path of answers.keys()) delete requireHere.cache[path];
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
