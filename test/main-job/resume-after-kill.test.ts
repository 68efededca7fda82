import { join } from 'node:path';
import { expect, test } from 'vitest';
import { verifies } from '../faults/scenarios.ts';
import { countRequests, freshHome, listed, onlyTask, run, serveDemo, start, stdioDemo } from './support.ts';

/** A task of two seconds with a poll interval of four. */
const SLOW = ['mischief', '--args', '{"seconds":2,"pollHint":4000}'];

async function overHttp() {
  const home = freshHome();
  const demo = await serveDemo(home, '--speed', '1');
  return { home, store: demo.store, call: ['call', demo.url, ...SLOW], stop: demo.stop };
}

async function overStdio() {
  const home = freshHome();
  const command = stdioDemo(home, '1');
  return { home, store: join(home, 'stdio-store'), call: ['call', ...SLOW, ...command], stop: async () => undefined };
}

test.each([
  ['HTTP', overHttp],
  ['stdio', overStdio],
] as const)(
  verifies('C2', 'after kill -9 right after the creation of a task, the next run lists it and waits for it (%s)'),
  async (_transport, open) => {
    const { home, store, call, stop } = await open();
    const running = start(call, { home });
    await running.waitFor('mischief on');
    running.process.kill('SIGKILL');
    expect(await running.done).toMatchObject({ code: null });
    expect(countRequests(store, 'tasks/get')).toBe(0);

    expect(await listed(home)).toMatchObject([{ task: { status: 'working', phase: 'open' }, outcome: null }]);
    const { id } = await onlyTask(home);
    expect(await run(['list'], { home })).toMatchObject({ code: 0, stdout: expect.stringContaining(id) });

    const waited = await run(['wait', id], { home });
    expect(waited).toMatchObject({ code: 0, stdout: 'Mischief managed.\n' });
    expect(waited.stderr).toContain(`Again: mcp-tasks result ${id}`);
    expect(countRequests(store, 'tools/call')).toBe(1);
    expect(countRequests(store, 'tasks/cancel')).toBe(0);
    await stop();
    expect(await run(['result', id], { home })).toMatchObject({ code: 0, stdout: 'Mischief managed.\n' });
  },
);
