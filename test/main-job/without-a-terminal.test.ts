import { join } from 'node:path';
import { expect, test } from 'vitest';
import { verifies } from '../faults/scenarios.ts';
import { countRequests, freshHome, idOf, listed, run, serveDemo, start, stdioDemo } from './support.ts';

async function overHttp(...flags: readonly string[]) {
  const home = freshHome();
  const demo = await serveDemo(home, ...flags);
  return { home, store: demo.store, call: ['call', demo.url, 'mischief'], afterDashes: [] as readonly string[] };
}

async function overStdio() {
  const home = freshHome();
  return { home, store: join(home, 'stdio-store'), call: ['call', 'mischief'], afterDashes: stdioDemo(home) };
}

test.each([
  ['2026-07-28 over HTTP', () => overHttp()],
  ['2026-07-28 over stdio', overStdio],
  ['2025-11-25 over HTTP', () => overHttp('--revision', '2025-11-25')],
] as const)(
  verifies(
    'Q7',
    'without a terminal no question is answered; another process answers, and a third one gets the result (%s)',
  ),
  async (_server, open) => {
    const { home, store, call, afterDashes } = await open();
    const asked = await run([...call, '--arg', 'ask=true', ...afterDashes], { home });
    expect(asked).toMatchObject({ code: 6, stdout: '' });
    const id = await idOf(home, 'mischief');
    const tasks = await listed(home);
    expect(tasks).toMatchObject([{ task: { status: 'input_required' }, outcome: null }]);
    const left = tasks[0]?.task.inputRequests;
    const [key = ''] = Object.keys(left ?? {});
    expect(left?.[key]).toMatchObject({ method: 'elicitation/create' });
    expect(asked.stderr).toContain(`${id}  asks ${key}: Is this fine?\n`);
    expect(asked.stderr).toContain(`Answer with: mcp-tasks answer ${id} --accept`);

    // Repeated reads, as text or JSON, decide nothing.
    const refused = await run(['wait', id], { home });
    expect(refused).toMatchObject({ code: 6, stdout: '' });
    expect(refused.stderr).toContain(`Answer with: mcp-tasks answer ${id} --accept`);
    const waited = await run(['wait', id, '--json'], { home });
    expect(waited.code).toBe(6);
    const document = JSON.parse(waited.stdout);
    expect(document.outcome).toEqual({ status: 'input_required' });
    expect(document.task.inputRequests).toEqual(left);

    const answered = await run(['answer', id, '--accept', 'fine=true'], { home });
    expect(answered).toMatchObject({ code: 0 });
    // The answer ends the task; its outcome may arrive before or after the acknowledgement.
    expect(answered.stderr).toMatch(new RegExp(`(Wait for it: mcp-tasks wait|Again: mcp-tasks result) ${id}`));
    expect(await run(['wait', id], { home })).toMatchObject({ code: 0, stdout: 'Mischief managed.\n' });
    expect(countRequests(store, 'tools/call')).toBe(1);
    expect(countRequests(store, 'tasks/cancel')).toBe(0);
    if (!_server.startsWith('2025')) expect(countRequests(store, 'tasks/update')).toBe(1);
  },
);

test(verifies('Q7', 'call --json with an open question prints its document on standard output'), async () => {
  const { home, call } = await overHttp();
  const asked = await run([...call, '--arg', 'ask=true', '--json'], { home });
  expect(asked.code).toBe(6);
  const id = await idOf(home, 'mischief');
  const document = JSON.parse(asked.stdout);
  const [key = ''] = Object.keys(document.task.inputRequests);
  expect(document.outcome).toEqual({ status: 'input_required' });
  expect(document.task.inputRequests[key]).toMatchObject({ method: 'elicitation/create' });
  expect(asked.stderr).toContain(`Answer with: mcp-tasks answer ${id} --accept`);
  const waited = await run(['wait', id, '--json'], { home });
  expect(waited.code).toBe(6);
  expect(JSON.parse(waited.stdout).task.inputRequests).toEqual(document.task.inputRequests);
});

test(verifies('Q7', 'call --keep-waiting continues when another process answers'), async () => {
  const { home, store, call } = await overHttp();
  const running = start([...call, '--arg', 'ask=true', '--keep-waiting'], { home, stdin: '' });
  await running.waitFor('Answer with');
  const id = await idOf(home, 'mischief');
  expect(await run(['answer', id, '--accept', 'fine=false'], { home })).toMatchObject({ code: 0 });
  expect(await running.done).toMatchObject({ code: 0, stdout: 'Mischief managed.\n' });
  expect(countRequests(store, 'tasks/update')).toBe(1);
});
