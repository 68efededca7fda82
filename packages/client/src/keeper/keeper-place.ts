import { createHash } from 'node:crypto';
import { mkdir, readdir, stat } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

/** Longer names of a local socket are cut by the system without a word: 104 bytes on macOS, 108 on Linux. */
const MAX_SOCKET_BYTES = 100;

/** Which keeper: one for each state directory, server, and digest of the credentials and environment it is reached with. */
export interface KeeperName {
  /** Where the records live. */
  readonly directory: string;
  /** Of the server. */
  readonly fingerprint: string;
  /** Header values and environment of the person: another account is another keeper. */
  readonly secrets: unknown;
}

/** Where a keeper listens: a socket in a folder that only this user can enter, on Windows a named pipe. */
export interface KeeperPlace {
  /** What `listen` and `connect` take. */
  readonly path: string;
  /** Beside it, where a file can be: the lock of whoever starts the keeper. */
  readonly lock: string;
}

/** Makes the folder of the socket where there is none. */
export async function keeperPlace({ directory, fingerprint, secrets }: KeeperName): Promise<KeeperPlace> {
  const name = digest([directory, fingerprint, secrets]).slice(0, 20);
  const lock = join(directory, 'keepers', name);
  await mkdir(join(directory, 'keepers'), { recursive: true, mode: 0o700 });
  if (process.platform === 'win32') return { path: `\\\\.\\pipe\\mcp-tasks-${name}`, lock };
  const folder = await socketFolder(directory);
  return { path: join(folder, `${name}.sock`), lock };
}

/** The sockets of all keepers of a state directory; some of them may be left by keepers that were killed. */
export async function keeperSockets(directory: string): Promise<readonly string[]> {
  const folder = await socketFolder(directory);
  const names = await readdir(folder).catch(() => []);
  return names.filter((name) => name.endsWith('.sock')).map((name) => join(folder, name));
}

async function socketFolder(directory: string): Promise<string> {
  const near = join(directory, 'keepers');
  if (Buffer.byteLength(join(near, `${'x'.repeat(20)}.sock`)) <= MAX_SOCKET_BYTES) return near;
  const short = join(tmpdir(), `mcp-tasks-${userInfo().uid}`, digest(directory).slice(0, 12));
  await mkdir(short, { recursive: true, mode: 0o700 });
  const { uid, mode } = await stat(short);
  // A folder in a place that everybody can write to may be somebody else's trap.
  if (uid !== userInfo().uid || (mode & 0o077) !== 0)
    throw new Error(`${short} belongs to somebody else, or others can enter it`);
  return short;
}

function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}
