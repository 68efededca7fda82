import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { NODE_24 } from '../demo/support.ts';
import { ZEROS } from './audit.ts';

const SOAK = fileURLToPath(new URL('./soak.ts', import.meta.url));
const { SOAK_MINUTES = '0.5' } = process.env;

async function run(...args: readonly string[]): Promise<{ code: number | null; stdout: string }> {
  const child = spawn(NODE_24, ['--no-warnings', SOAK, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  let stdout = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk;
  });
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
  return { code, stdout };
}

test(`nothing is lost, repeated or done unasked in ${SOAK_MINUTES} minutes of faults and kills`, {
  timeout: (Number(SOAK_MINUTES) + 6) * 60_000,
}, async () => {
  const { code, stdout } = await run('--minutes', SOAK_MINUTES, '--seed', String(Date.now() % 100_000));
  process.stdout.write(`${stdout}\n`);
  for (const zero of ZEROS) expect(stdout).toMatch(new RegExp(`^  ${zero} +0$`, 'm'));
  expect(code).toBe(0);
});

/** Processes with this directory in their command line. */
function processesIn(directory: string): readonly string[] {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(directory);
    } catch {
      return false;
    }
  });
}

test('an interrupted run leaves no process and no file', async () => {
  const place = mkdtempSync(join(tmpdir(), 'mcp-tasks-interrupted-'));
  const child = spawn(NODE_24, ['--no-warnings', SOAK, '--minutes', '5'], {
    env: { ...process.env, TMPDIR: place },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  await new Promise<void>((resolve) => child.stderr.once('data', () => resolve()));
  await expect.poll(() => processesIn(place).length).toBeGreaterThan(5);
  child.kill('SIGINT');
  expect(await ended).toBe(130);
  await expect.poll(() => processesIn(place)).toEqual([]);
  expect(readdirSync(place).filter((name) => name.startsWith('mcp-tasks-soak-'))).toEqual([]);
  rmSync(place, { recursive: true });
});

test('an invalid option value exits with 2', async () => {
  expect(await run('--minutes', 'ten')).toEqual({ code: 2, stdout: '' });
});
