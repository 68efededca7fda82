import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { verifies } from '../faults/scenarios.ts';
import { BIN, freshHome, run, serveDemo, start } from './support.ts';

test(verifies('M5', 'with an unwritable home a call works, and warns that it is not saved'), async () => {
  const home = freshHome();
  const demo = await serveDemo(home);
  writeFileSync(join(home, 'no-directory'), '');
  const env = { MCP_TASKS_HOME: join(home, 'no-directory') };
  const called = await run(['call', demo.url, 'report'], { home, env });
  expect(called).toMatchObject({ code: 0, stdout: expect.stringContaining('# Response times') });
  expect(called.stderr).toMatch(/^warning: NOT SAVED: /);
  // The output must not suggest a command for a missing record.
  expect(called.stderr).not.toContain('mcp-tasks result');

  const running = start(['call', demo.url, 'batch', '--arg', 'items=3600'], { home, env });
  await running.waitFor('working');
  running.process.kill('SIGINT');
  const left = await running.done;
  expect(left.code).toBe(130);
  expect(left.stderr).toMatch(/NOT SAVED: no other process can resume it; 127\.0\.0\.1:\d+ knows it as \S+/);

  const watched = await run(['watch', demo.url], { home, env });
  expect(watched.code, watched.stderr).toBe(0);
  expect(watched.stderr).toMatch(/^warning: NOT SAVED: tasks of this process/);
  const tools = await run(['tools', demo.url], { home, env });
  expect({ code: tools.code, listed: tools.stdout.includes('report') }).toEqual({ code: 0, listed: true });

  const listed = await run(['list'], { home, env });
  expect(listed).toMatchObject({ code: 1, stdout: '' });
  expect(listed.stderr).toContain('set MCP_TASKS_HOME');
  const detached = await run(['call', 'report', '--detach', '--', 'anything'], { home, env });
  expect(detached).toMatchObject({ code: 1, stdout: '' });
  expect(detached.stderr).not.toContain('NOT SAVED');
  await demo.stop();
});

test(
  verifies('M5', 'a full disk during a task stops the wait with 4 and a warning; the task is not driven from memory'),
  async () => {
    const home = freshHome();
    const demo = await serveDemo(home);
    await run(['list'], { home });
    // A file size limit of 64 KB acts on SQLite like a full disk.
    const command = ['-c', 'ulimit -f 64; exec "$@"', 'bash', process.execPath, BIN, 'call', demo.url, 'batch'];
    const env = { PATH: process.env.PATH ?? '', HOME: home, MCP_TASKS_HOME: join(home, 'state') };
    const child = spawn('bash', [...command, '--arg', 'items=30'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    const output = { stdout: '', stderr: '' };
    child.stdout.on('data', (chunk) => {
      output.stdout += chunk;
    });
    child.stderr.on('data', (chunk) => {
      output.stderr += chunk;
    });
    const code = await new Promise((resolve) => child.once('close', resolve));
    expect({ code, stdout: output.stdout }, output.stderr).toEqual({ code: 4, stdout: '' });
    expect(output.stderr).toContain('NOT SAVED');
    await demo.stop();
  },
);
