import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'tsdown';
import { expect, onTestFinished, test } from 'vitest';
import { NODE_24, spawnDemo } from '../demo/support.ts';
import { freePort } from '../support/free-port.ts';

const here = import.meta.dirname;
const installed = (path: string): string => resolve(here, 'node_modules', path);
const main = join(here, 'main.mjs');

const EXPECTED = { revision: '2026-07-28', asked: 2, status: 'completed', page: 'completed', settledEvent: true };

async function startDemo(): Promise<string> {
  const demo = await spawnDemo({ speed: 0.1 });
  onTestFinished(() => void demo.kill());
  return demo.url;
}

const runtimes: ReadonlyArray<readonly [string, string, readonly string[]]> = [
  ['the Node that runs the tests', process.execPath, []],
  ['Node 22', installed('node-22/bin/node'), []],
  ['Node 24', NODE_24, []],
  ['Bun', installed('@oven/bun-linux-x64/bin/bun'), ['run']],
  ['Deno', installed('@deno/linux-x64-glibc/deno'), ['run', '--allow-all', '--node-modules-dir=manual']],
];

test.each(runtimes)(
  '%s calls a task, answers its questions, gets the result, and serves the task to pages',
  async (_, program, words) => {
    const home = mkdtempSync(join(tmpdir(), 'mcp-tasks-runtime-'));
    const env = { PATH: process.env.PATH ?? '', HOME: home, DENO_DIR: home, NO_COLOR: '1' };
    const stdout = execFileSync(program, [...words, main, await startDemo()], { encoding: 'utf8', env, cwd: here });
    expect(JSON.parse(stdout)).toEqual(EXPECTED);
  },
);

/** The worker with its imports as one module for workerd. */
async function bundleWorker(): Promise<string> {
  const outDir = mkdtempSync(join(tmpdir(), 'mcp-tasks-workerd-'));
  await build({
    entry: { worker: join(here, 'worker.mjs') },
    outDir,
    config: false,
    platform: 'neutral',
    format: 'esm',
    dts: false,
    logLevel: 'silent',
    noExternal: [/./],
    inputOptions: { resolve: { conditionNames: ['workerd', 'worker', 'browser', 'import', 'default'] } },
    outputOptions: { codeSplitting: false, entryFileNames: 'worker.mjs' },
  });
  return outDir;
}

function configOf(port: number): string {
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = .worker),
    (name = "internet", network = (allow = ["private", "local"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")],
);
const worker :Workerd.Worker = (
  modules = [(name = "worker", esModule = embed "worker.mjs")],
  compatibilityDate = "2026-11-01",
);
`;
}

test('workerd calls a task, answers its questions, gets the result, and serves the task to pages', async () => {
  const folder = await bundleWorker();
  const port = await freePort();
  writeFileSync(join(folder, 'config.capnp'), configOf(port));
  const workerd = spawn(
    installed('@cloudflare/workerd-linux-64/bin/workerd'),
    ['serve', join(folder, 'config.capnp')],
    {
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  onTestFinished(() => void workerd.kill('SIGKILL'));
  const ask = `http://127.0.0.1:${port}/?server=${encodeURIComponent(await startDemo())}`;
  const reply = async (): Promise<unknown> => {
    const response = await fetch(ask).catch(() => undefined);
    const text = await response?.text();
    return response?.ok === true ? JSON.parse(text ?? '') : text;
  };
  await expect.poll(reply).toEqual(EXPECTED);
});

test.each([
  ['the Node that runs the tests', process.execPath],
  ['Node 22', installed('node-22/bin/node')],
])('a CommonJS host on %s can require every entry that it needs', (_, program) => {
  const stdout = execFileSync(program, ['--no-warnings', join(here, 'required.cjs')], { encoding: 'utf8' });
  expect(JSON.parse(stdout)).toEqual({ kinds: ['function', 'function', 'function', 'function'], code: 'closed' });
});
