import { createHash } from 'node:crypto';
import { lstat, mkdir, readdir } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { assertPrivateDirectory } from '../store/sqlite/private-directory.ts';

/** Limit of a socket path: systems truncate longer ones silently, at 104 bytes on macOS and 108 on Linux. */
const MAX_SOCKET_BYTES = 100;

/** Identifies a keeper: one per state directory, server, and digest of its credentials and environment. */
export interface KeeperName {
  /** Directory of the records. */
  readonly directory: string;
  /** Fingerprint of the server. */
  readonly fingerprint: string;
  /** Header values and environment of the person: another account has another keeper. */
  readonly secrets: unknown;
}

/** Address of a keeper: a socket in a folder that only this user can enter; a named pipe on Windows. */
export interface KeeperPlace {
  /** Path for `listen` and `connect`. */
  readonly path: string;
  /** Path of the lock file that a process holds while it starts the keeper. */
  readonly lock: string;
}

/**
 * The place of a keeper; creates the folder of its socket if missing.
 * @throws {TaskError} `store-unsafe`: another user could listen in its place
 */
export async function keeperPlace({ directory, fingerprint, secrets }: KeeperName): Promise<KeeperPlace> {
  assertPrivateDirectory(directory);
  const name = digest([directory, fingerprint, secrets]).slice(0, 20);
  const lock = join(directory, 'keepers', name);
  await mkdir(join(directory, 'keepers'), { recursive: true, mode: 0o700 });
  if (process.platform === 'win32') return { path: `\\\\.\\pipe\\mcp-tasks-${name}`, lock };
  const folder = await socketFolder(directory);
  return { path: join(folder, `${name}.sock`), lock };
}

/** Sockets of all keepers of a state directory; killed keepers may have left some. */
export async function keeperSockets(directory: string): Promise<readonly string[]> {
  const folder = await socketFolder(directory);
  const names = await readdir(folder).catch(() => []);
  return names.filter((name) => name.endsWith('.sock')).map((name) => join(folder, name));
}

async function socketFolder(directory: string): Promise<string> {
  const near = join(directory, 'keepers');
  if (Buffer.byteLength(join(near, `${'x'.repeat(20)}.sock`)) <= MAX_SOCKET_BYTES) return near;
  const own = join(tmpdir(), `mcp-tasks-${userInfo().uid}`);
  const short = join(own, digest(directory).slice(0, 12));
  await mkdir(short, { recursive: true, mode: 0o700 });
  // In a shared directory another user may have created either folder, or own the outer one and replace the inner one.
  for (const folder of [own, short]) {
    const { uid, mode } = await lstat(folder);
    if (uid !== userInfo().uid || (mode & 0o077) !== 0)
      throw new Error(`${folder} belongs to another user, or others can enter it`);
  }
  return short;
}

function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}
