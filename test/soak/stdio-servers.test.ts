import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { livingStdioServers } from './stdio-servers.ts';

test.runIf(process.platform === 'linux')('a pid reused by another program is no stdio server', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mcp-tasks-pids-'));
  const server = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)', folder], { stdio: 'ignore' });
  onTestFinished(() => void server.kill());
  await once(server, 'spawn');
  for (const pid of [server.pid, process.pid]) writeFileSync(join(folder, String(pid)), '');
  expect(livingStdioServers(folder)).toEqual([server.pid]);
  expect(readdirSync(folder)).toEqual([String(server.pid)]);
});
