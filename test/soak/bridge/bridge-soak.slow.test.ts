import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { NODE_24 } from '../../demo/support.ts';
import { BRIDGE_ZEROS } from './audit-bridge.ts';

const SOAK = fileURLToPath(new URL('../soak.ts', import.meta.url));
const { SOAK_MINUTES = '0.5' } = process.env;

test(`every call returns and none runs twice in ${SOAK_MINUTES} minutes of killed hosts, fronts, keepers and servers`, {
  timeout: (Number(SOAK_MINUTES) + 6) * 60_000,
}, async () => {
  const args = ['--bridge', '--minutes', SOAK_MINUTES, '--seed', String(Date.now() % 100_000)];
  const child = spawn(NODE_24, ['--no-warnings', SOAK, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  let stdout = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk;
  });
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
  process.stdout.write(`${stdout}\n`);
  for (const zero of BRIDGE_ZEROS) expect(stdout).toMatch(new RegExp(`^  ${zero} +0$`, 'm'));
  expect(code).toBe(0);
});
