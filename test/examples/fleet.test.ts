import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { Pool } from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { isPostgresHere, sharedPostgres } from '../support/postgres/shared-server.ts';

const root = resolve(import.meta.dirname, '../..');

/** Runs a program of this repository until the test ends; collects its output lines. */
function start(file: string, args: readonly string[], env: NodeJS.ProcessEnv) {
  const child: ChildProcess = spawn(process.execPath, [resolve(root, file), ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const lines: string[] = [];
  if (child.stdout !== null) createInterface(child.stdout).on('line', (line) => lines.push(line));
  onTestFinished(() => void child.kill('SIGKILL'));
  return { child, lines };
}

async function createDatabase(): Promise<string> {
  const url = new URL(await sharedPostgres());
  const admin = new Pool({ connectionString: url.href, max: 1 });
  const name = `example_${process.pid}`;
  await admin.query(`CREATE DATABASE ${name}`);
  await admin.end();
  url.pathname = `/${name}`;
  return url.href;
}

test.skipIf(!isPostgresHere())(
  'the fleet: a page starts releases, two workers share them, only the audience answers, and a worker delivers',
  async () => {
    const demo = start('packages/cli/bin/mcp-tasks.js', ['demo', '--speed', '0.2'], {});
    await expect.poll(() => demo.lines.length).toBeGreaterThan(0);
    const env = { DATABASE_URL: await createDatabase(), MCP_URL: demo.lines[0], PORT: '0' };
    const web = start('examples/dist/fleet/web.js', [], env);
    await expect.poll(() => web.lines[0]).toMatch(/^http/);
    const page = web.lines[0] ?? '';
    const workers = [1, 2].map(() => start('examples/dist/fleet/worker.js', [], env));
    const post = async (
      path: string,
      form: Record<string, string>,
      headers: Record<string, string> = {},
    ): Promise<string> => {
      const response = await fetch(new URL(path, page), { method: 'POST', headers, body: new URLSearchParams(form) });
      return `${response.status} ${await response.text()}`;
    };
    const text = async (headers: Record<string, string> = {}): Promise<string> =>
      (await fetch(page, { headers })).text();

    const started = await post('/release', { service: 'checkout' });
    const id = started.replace('200 ', '');
    expect(await post('/release', { service: 'checkout' })).toBe(started);
    for (const [key, content] of [
      ['approval', '{"approve":true}'],
      ['strategy', '{"strategy":"canary"}'],
    ] as const) {
      await expect.poll(text).toContain(`name="key" value="${key}"`);
      const digest = /name="digest" value="([^"]+)"/.exec(await text())?.[1] ?? '';
      expect(await post('/answer', { id, key, digest: 'another', content })).toMatch(
        /^409 .*asks a different question/,
      );
      expect(await post('/answer', { id, key, digest, content })).toBe('200 answered');
    }
    const anna = { 'x-person': 'anna', 'x-groups': 'release' };
    const cart = (await post('/release', { service: 'cart', audience: 'release' })).replace('200 ', '');
    const form = new RegExp(`value="${cart}">.*\\s+.*name="digest" value="([^"]+)"`);
    await expect.poll(() => text(anna)).toMatch(form);
    const digest = form.exec(await text(anna))?.[1] ?? '';
    const approval = { id: cart, key: 'approval', digest, content: '{"approve":true}' };
    for (const visitor of [{}, { 'x-person': 'bob' }]) {
      expect(await text(visitor)).toContain('(for release)');
      expect(await text(visitor)).not.toMatch(form);
      expect(await post('/answer', approval, visitor)).toMatch(/^409 .*is for release; nothing was sent/);
    }
    expect(await post('/answer', approval, anna)).toBe('200 answered');

    const workerLines = () => workers.flatMap(({ lines }) => lines);
    await expect.poll(workerLines).toContain(`release ${id} ended completed`);
    expect(await text()).toContain(`release ${id}: completed`);
    for (const { child } of workers) child.kill('SIGTERM');
    for (const { child } of workers) if (child.exitCode === null) await once(child, 'exit');
    expect(workers.map(({ child }) => child.exitCode)).toEqual([0, 0]);
  },
);
