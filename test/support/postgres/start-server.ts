import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '../free-port.ts';
import type { Programs } from './find-programs.ts';

/** Both programs refuse to run as root. */
const UNPRIVILEGED = 65_534;
const identity = process.getuid?.() === 0 ? { uid: UNPRIVILEGED, gid: UNPRIVILEGED } : {};
const ENVIRONMENT = { LC_ALL: 'C', PATH: process.env.PATH ?? '' };
/** Tests do not need durability. */
const SETTINGS = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'max_connections=200'];

export interface PostgresServer {
  /** Superuser URL. */
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** `SIGINT` closes its sessions; `SIGQUIT` simulates a crash. */
  stop(signal?: 'SIGINT' | 'SIGQUIT'): Promise<void>;
  /** Starts it again on the same data and port. */
  start(): Promise<void>;
}

async function waitUntilReady(child: ChildProcess, log: string): Promise<void> {
  const ended = once(child, 'exit').then(() => 'ended' as const);
  for (;;) {
    if (/ready to accept connections/.test(readFileSync(log, 'utf8'))) return;
    const pause = new Promise<void>((resolve) => setTimeout(resolve, 20));
    if ((await Promise.race([ended, pause])) === 'ended') throw new Error(readFileSync(log, 'utf8'));
  }
}

export interface StartOptions {
  /** Survive a power loss. @default false */
  readonly durable?: boolean;
  /** Require TLS with this certificate. @default no TLS */
  readonly tls?: { readonly certificate: string; readonly key: string };
}

/** Settings of a server that requires TLS. */
function configureTls(
  data: string,
  { certificate, key }: { readonly certificate: string; readonly key: string },
): string[] {
  const files = { 'server.crt': certificate, 'server.key': key, 'pg_hba.conf': 'hostssl all all 127.0.0.1/32 trust\n' };
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(data, name), text, { mode: 0o600 });
    if (identity.uid !== undefined) chownSync(join(data, name), identity.uid, UNPRIVILEGED);
  }
  return ['ssl=on'];
}

/** Starts a new, empty cluster in this folder. It outlives the process that started it. */
export async function startPostgres(
  programs: Programs,
  folder: string,
  { durable = false, tls }: StartOptions = {},
): Promise<PostgresServer> {
  const data = join(folder, 'data');
  mkdirSync(folder, { recursive: true });
  if (identity.uid !== undefined) chownSync(folder, identity.uid, UNPRIVILEGED);
  const options = { cwd: '/', env: ENVIRONMENT, ...identity };
  const wanted = ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '-N'];
  await promisify(execFile)(programs.initdb, wanted, options);
  const secured = tls === undefined ? [] : configureTls(data, tls);
  const port = await freePort();
  const settings = [...SETTINGS, ...secured, `fsync=${durable ? 'on' : 'off'}`, `port=${port}`];
  const args = ['-D', data, ...settings.flatMap((setting) => ['-c', setting])];
  let child: ChildProcess;
  let starts = 0;

  async function start(): Promise<void> {
    const log = join(folder, `log-${starts++}`);
    const out = openSync(log, 'a');
    child = spawn(programs.postgres, args, { ...options, stdio: ['ignore', out, out], detached: true });
    child.unref();
    await waitUntilReady(child, log);
  }

  await start();
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    port,
    get pid() {
      return child.pid ?? 0;
    },
    async stop(signal = 'SIGINT') {
      const ended = child.exitCode === null ? once(child, 'exit') : undefined;
      child.ref();
      child.kill(signal);
      await ended;
    },
    start,
  };
}
