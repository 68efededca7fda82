import { expect, test } from 'vitest';
import { complete, serveFaulty } from '../faults/faulty-server.ts';
import { freshHome, idOf, type Run, run, start } from './support.ts';

const TASK = { taskId: 't1', status: 'working', ttlMs: null, pollIntervalMs: 250 };

function events({ stdout }: Run): readonly Record<string, unknown>[] {
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

test('a failed call ends its events with the outcome, and prints the error as JSON on standard error', async () => {
  const home = freshHome();
  const server = await serveFaulty(({ method }) =>
    method === 'tools/call' ? { error: { code: -32603, message: 'the disk is full', data: { free: 0 } } } : undefined,
  );
  const failed = await run(['call', server.url, 'deploy', '--jsonl'], { home });
  expect(failed.code).toBe(1);
  const error = { code: -32603, message: 'the disk is full', data: { free: 0 } };
  const task = { id: await idOf(home, 'deploy'), taskId: null, tool: 'deploy', status: 'failed' };
  expect(events(failed)).toMatchObject([{ event: 'settled', task, outcome: { status: 'failed', error } }]);
  const [outcome, report = ''] = failed.stderr.trim().split('\n');
  expect(outcome).toMatch(/^\w{6} {2}failed after .* \(-32603: the disk is full\)$/);
  expect(JSON.parse(report)).toMatchObject({
    error: { code: 'rpc-error', message: expect.any(String), hint: expect.stringContaining('may have run') },
  });
});

test('a call that was cut off ends its events with an unknown outcome', async () => {
  const server = await serveFaulty(({ method }) => (method === 'tools/call' ? 'reset' : undefined));
  const lost = await run(['call', server.url, 'deploy', '--jsonl'], { home: freshHome() });
  expect(lost.code).toBe(8);
  expect(events(lost)).toMatchObject([{ event: 'outcome', outcome: { status: 'unknown' } }]);
});

test.each([
  ['--json', [{ task: { status: 'unknown', taskId: null }, outcome: { status: 'detached' } }]],
  ['--jsonl', [{ event: 'outcome', task: { status: 'unknown' }, outcome: { status: 'detached' } }]],
])(
  '%s: Ctrl-C before the reply to the call prints one document and warns that the call may have run',
  async (flag, documents) => {
    const home = freshHome();
    const server = await serveFaulty(({ method }) => (method === 'tools/call' ? 'hang' : undefined));
    const calling = start(['call', server.url, 'deploy', flag], { home });
    await expect.poll(() => server.count('tools/call'), { timeout: 30_000 }).toBe(1);
    calling.process.kill('SIGINT');
    const left = await calling.done;
    expect(left.code).toBe(130);
    expect(flag === '--jsonl' ? events(left) : [JSON.parse(left.stdout)]).toMatchObject(documents);
    expect(left.stderr).toContain('left before the server answered the call: it may have run');
    expect(left.stderr).toContain(`Call again: mcp-tasks rerun ${await idOf(home, 'deploy')}`);
  },
);

test.each([
  ['requires a sign-in', { status: 401 }, 3, 'auth_required'],
  ['no longer supports tasks', { error: { code: -32601, message: 'Method not found' } }, 4, 'unknown'],
  ['cannot be reached', { status: 503 }, 4, 'unreachable'],
] as const)(
  'get of a task whose server %s prints the reason and the last known state',
  async (_why, act, code, status) => {
    const home = freshHome();
    const server = await serveFaulty(({ method }) => {
      if (method === 'tools/call') return { result: { resultType: 'task', ...TASK } };
      return method === 'tasks/get' ? act : undefined;
    });
    expect(await run(['call', server.url, 'deploy', '--detach'], { home })).toMatchObject({ code: 0 });
    const id = await idOf(home, 'deploy');
    const get = () => run(['get', id, '--json'], { home });
    await expect.poll(async () => (await get()).code, { timeout: 30_000 }).toBe(code);
    expect(JSON.parse((await get()).stdout)).toMatchObject({ task: { id, status: 'working' }, outcome: { status } });
  },
);

test('doctor reports a server without task support, and a server whose tools all forbid tasks', async () => {
  const home = freshHome();
  const discovered = {
    supportedVersions: ['2026-07-28'],
    capabilities: { tools: {} },
    ttlMs: 0,
    cacheScope: 'private',
  };
  const plain = await serveFaulty(({ method }) => (method === 'server/discover' ? complete(discovered) : undefined));
  const without = await run(['doctor', plain.url], { home });
  expect(without.code).toBe(0);
  expect(without.stdout).toMatch(
    /^missing {2}tasks {6} the server has no task support\n +Each call returns its result directly, however long it takes\.$/m,
  );
  const forbidding = await serveFaulty(() => undefined, { revision: '2025-11-25', taskSupport: 'forbidden' });
  const forbidden = await run(['doctor', forbidding.url, '--json'], { home });
  expect(JSON.parse(forbidden.stdout).findings).toContainEqual({
    check: 'tasks',
    state: 'missing',
    detail: 'tasks are offered, but no tool can become one',
  });
});
