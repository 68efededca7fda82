import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { verifies } from '../faults/scenarios.ts';
import { BIN, countRequests, freshHome, onlyTask, start } from './support.ts';

/**
 * The demo over stdio as a command that records the pid of each start; its first start works slowly, later ones fast.
 */
function countedServer(home: string) {
  const starts = join(home, 'starts');
  const script = join(home, 'server.sh');
  const demo = `"${process.execPath}" "${BIN}" demo --stdio --store "${join(home, 'stdio-store')}"`;
  const speed = `$([ $(wc -l < "${starts}") = 1 ] && echo 1 || echo 0.1)`;
  writeFileSync(script, `#!/bin/sh\necho $$ >> "${starts}"\nexec ${demo} --speed "${speed}"\n`);
  chmodSync(script, 0o755);
  const pids = () => (existsSync(starts) ? readFileSync(starts, 'utf8').trim().split('\n').map(Number) : []);
  return { script, pids };
}

function kill(pid: number | undefined): void {
  // Pid 0 would signal our own process group.
  if (pid === undefined || !(pid > 0)) throw new Error('No server was started');
  process.kill(pid, 'SIGKILL');
}

test(verifies('X1', 'a stdio server that dies is restarted, and its task is followed again'), async () => {
  const home = freshHome();
  const { script, pids } = countedServer(home);
  const running = start(['call', 'batch', '--arg', 'items=12', '--', script], { home });
  await running.waitFor('Item 2');
  kill(pids()[0]);
  const { code, stdout, stderr } = await running.done;
  expect(stderr).toContain('server.sh is restarted: it was ended by SIGKILL');
  expect({ code, stdout }).toEqual({ code: 0, stdout: '12 items done.\n' });
  expect(pids()).toHaveLength(2);
  expect(countRequests(join(home, 'stdio-store'), 'tools/call')).toBe(1);
});

test(verifies('X1', 'a stdio server that dies again is not restarted, and the record stays'), async () => {
  const home = freshHome();
  const { script, pids } = countedServer(home);
  const running = start(['call', 'batch', '--arg', 'items=3600', '--', script], { home });
  await running.waitFor('Item 2');
  kill(pids()[0]);
  await running.waitFor(/is restarted[\s\S]*Item/);
  kill(pids()[1]);
  const { code, stderr } = await running.done;
  expect(code).toBe(4);
  const { id, status } = await onlyTask(home);
  expect(status).toBe('working');
  expect(stderr).toContain(`Wait for it: mcp-tasks wait ${id}`);
  expect(stderr.match(/is restarted/g)).toHaveLength(1);
  expect(pids()).toHaveLength(2);
});

test(verifies('X1', 'a call that kills its server is not repeated'), async () => {
  const home = freshHome();
  const starts = join(home, 'starts');
  const server = join(home, 'dies.mjs');
  writeFileSync(
    server,
    `import { appendFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
appendFileSync(${JSON.stringify(starts)}, 'start\\n');
const answer = (id, result) => process.stdout.write(JSON.stringify({ jsonrpc: '2.0', id, result }) + '\\n');
const serverInfo = { name: 'dies', version: '1' };
createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method } = JSON.parse(line);
  if (method === 'initialize') answer(id, { protocolVersion: '2025-11-25', capabilities: { tools: {} }, serverInfo });
  else if (method === 'tools/list') answer(id, { tools: [{ name: 'boom', inputSchema: { type: 'object' } }] });
  else if (method === 'tools/call') { appendFileSync(${JSON.stringify(starts)}, 'call\\n'); process.exit(9); }
  else if (id !== undefined) process.stdout.write(JSON.stringify({ jsonrpc: '2.0', id, error: { code: -32601, message: 'no' } }) + '\\n');
});
`,
  );
  const { code, stderr } = await start(['call', 'boom', '--', process.execPath, server], { home }).done;
  expect(code).toBe(8);
  const { id } = await onlyTask(home);
  expect(stderr).toContain(`mcp-tasks get ${id}`);
  const lines = readFileSync(starts, 'utf8').trim().split('\n');
  expect(lines.filter((line) => line === 'call')).toHaveLength(1);
});
