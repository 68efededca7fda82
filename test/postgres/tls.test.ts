import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPostgresStore } from '@mcp-tasks/client/postgres-store';
import { Pool } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sampleRecord } from '../../packages/client/src/testing/sample-record.ts';
import { freshHome, run } from '../commands/support.ts';
import { embeddedPrograms } from '../support/postgres/find-programs.ts';
import { type PostgresServer, startPostgres } from '../support/postgres/start-server.ts';

const programs = embeddedPrograms();
const hasOpenssl = spawnSync('openssl', ['version']).status === 0;
const onTls = test.skipIf(programs === undefined || !hasOpenssl);
const home = freshHome();
let folder: string;
let server: PostgresServer;

const file = (name: string): string => join(folder, name);

function openssl(...args: string[]): void {
  execFileSync('openssl', args, { stdio: 'pipe' });
}

function createAuthority(name: string): void {
  const subject = ['-subj', `/CN=${name}`, '-days', '2', '-nodes', '-newkey', 'rsa:2048'];
  openssl('req', '-x509', ...subject, '-keyout', file(`${name}.key`), '-out', file(`${name}.crt`));
}

/** A server with a certificate of the first authority, valid only for `localhost`. */
beforeAll(async () => {
  if (programs === undefined || !hasOpenssl) return;
  folder = mkdtempSync(join(tmpdir(), 'mcp-tasks-tls-'));
  chmodSync(folder, 0o711);
  createAuthority('ours');
  createAuthority('other');
  const asked = ['-subj', '/CN=database', '-addext', 'subjectAltName=DNS:localhost', '-nodes', '-newkey', 'rsa:2048'];
  openssl('req', ...asked, '-keyout', file('server.key'), '-out', file('server.csr'));
  const signed = ['-CA', file('ours.crt'), '-CAkey', file('ours.key'), '-copy_extensions', 'copy', '-days', '2'];
  openssl('x509', '-req', '-in', file('server.csr'), ...signed, '-out', file('server.crt'));
  const tls = { certificate: readFileSync(file('server.crt'), 'utf8'), key: readFileSync(file('server.key'), 'utf8') };
  server = await startPostgres(programs, file('cluster'), { tls });
});
afterAll(async () => {
  await server?.stop();
  if (folder !== undefined) rmSync(folder, { recursive: true });
});

function urlOf(host: string, query: Readonly<Record<string, string>>): string {
  const url = new URL(server.url);
  url.hostname = host;
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return url.href;
}

onTls('sslmode and sslrootcert accept and refuse the same servers as in psql', async () => {
  const [ours, other] = [file('ours.crt'), file('other.crt')];
  const migrate = async (host: string, query: Readonly<Record<string, string>>) => {
    const { code, stderr } = await run(['store', 'migrate', '--store', urlOf(host, query)], { home });
    return code === 0 ? 'connected' : stderr;
  };
  expect(await migrate('localhost', { sslmode: 'verify-full', sslrootcert: ours })).toBe('connected');
  expect(await migrate('127.0.0.1', { sslmode: 'verify-ca', sslrootcert: ours })).toBe('connected');
  expect(await migrate('127.0.0.1', { sslmode: 'require' })).toBe('connected');
  expect(await migrate('127.0.0.1', { sslmode: 'verify-full', sslrootcert: ours })).toContain('altnames');
  expect(await migrate('localhost', { sslmode: 'verify-full', sslrootcert: other })).toContain('certificate');
  expect(await migrate('localhost', { sslmode: 'require', sslrootcert: other })).toContain('certificate');
  expect(await migrate('localhost', { sslmode: 'verify-full' })).toContain('certificate');
  expect(await migrate('localhost', { sslmode: 'disable' })).toContain('pg_hba.conf');
});

onTls('a store uses TLS for its statements and for its mail connection', async () => {
  const connectionString = urlOf('localhost', { sslmode: 'verify-full', sslrootcert: file('ours.crt') });
  const pool = new Pool({ connectionString });
  const [store, other] = [await openPostgresStore({ pool }), await openPostgresStore({ pool })];
  await store.create(sampleRecord({ id: 'a1' }));
  await store.claim({ owner: 'mona', limit: 1 });
  const mail = new Promise((resolve) => store.onMail({ owner: 'mona' }, resolve));
  await other.update('a1', (record) => ({ ...record, tool: 'other' }));
  expect(await mail).toEqual(['a1']);
  const { rows } = await pool.query('SELECT bool_and(ssl) AS encrypted, count(*) > 1 AS several FROM pg_stat_ssl');
  expect(rows).toEqual([{ encrypted: true, several: true }]);
  await Promise.all([store.close(), other.close()]);
  await pool.end();
});
