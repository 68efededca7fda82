import { closeSync, openSync, readSync } from 'node:fs';
import { createRequire } from 'node:module';
import type Libsql from 'libsql';

/** The path of the dynamic loader stands in the first bytes of a program. */
const HEAD_BYTES = 4_096;

/**
 * Stands in the bundle in place of `libsql`. To choose its build, libsql loads two packages and asks the report of
 * Node.js which C library there is: that takes several times as long as to load SQLite.
 */
const libsql: typeof Libsql = load();
export default libsql;

function load(): typeof Libsql {
  const require = createRequire(import.meta.url);
  const target = targetHere();
  if (target === undefined) return require('libsql');
  const fromLibsql = createRequire(require.resolve('libsql'));
  const family = target.endsWith('-gnu') ? 'glibc' : null;
  const answers = new Map<string, object>([
    [fromLibsql.resolve('@neon-rs/load'), { currentTarget: () => target }],
    [fromLibsql.resolve('detect-libc'), { familySync: () => family, GLIBC: 'glibc', MUSL: 'musl' }],
  ]);
  for (const [path, exports] of answers) {
    require.cache[path] = Object.assign(Object.create(null), { id: path, filename: path, loaded: true, exports });
  }
  try {
    return require('libsql');
  } finally {
    for (const path of answers.keys()) delete require.cache[path];
  }
}

/** The build of libsql for this machine; undefined where libsql has to find out for itself. */
function targetHere(): string | undefined {
  const { arch, platform, env } = process;
  if (env.LIBSQL_JS_DEV !== undefined || (arch !== 'x64' && arch !== 'arm64')) return undefined;
  if (platform === 'darwin') return `darwin-${arch}`;
  return platform === 'linux' && isOfGlibc() ? `linux-${arch}-gnu` : undefined;
}

/** False where it cannot be told. */
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
