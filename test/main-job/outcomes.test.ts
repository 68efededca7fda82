import { expect, test } from 'vitest';
import type { JsonObject } from '../../packages/client/src/task/json.ts';
import { type Act, complete, serveFaulty } from '../faults/faulty-server.ts';
import { verifies } from '../faults/scenarios.ts';
import { freshHome, onlyTask, run, start } from './support.ts';

const TASK = { taskId: 't1', status: 'working', ttlMs: 60_000, pollIntervalMs: 250 };
const CORE = { taskId: 't1', status: 'working', ttl: 60_000, pollInterval: 250 };
const CREATED: Act = { result: { resultType: 'task', ...TASK } };

/** A server whose task has this state at every poll. */
const serveEnd = (end: JsonObject) =>
  serveFaulty(({ method }) => {
    if (method === 'tools/call') return CREATED;
    return method === 'tasks/get' ? complete({ ...TASK, ...end }) : undefined;
  });

const documentOf = (stdout: string): { readonly task: JsonObject; readonly outcome: JsonObject } => JSON.parse(stdout);

test(verifies('P5', 'five failed polls in a row end a call with 4, and a later wait gets the result'), async () => {
  const home = freshHome();
  let isUp = false;
  const server = await serveFaulty(({ method }) => {
    if (method === 'tools/call') return CREATED;
    if (method !== 'tasks/get') return undefined;
    return isUp ? complete({ ...TASK, status: 'completed', result: { content: [] } }) : { status: 503 };
  });
  const called = await run(['call', server.url, 'deploy', '--json'], { home });
  expect(called.code).toBe(4);
  expect(documentOf(called.stdout)).toMatchObject({
    task: { status: 'working' },
    outcome: { status: 'unreachable' },
  });
  expect(server.count('tasks/get')).toBe(5);
  const { id } = await onlyTask(home);
  expect(called.stderr).toContain(`mcp-tasks wait ${id}`);
  isUp = true;
  expect(await run(['wait', id], { home })).toMatchObject({ code: 0 });
  expect(server.count('tools/call')).toBe(1);
});

test('get polls an unreachable server again, and reports it only while it is unreachable', async () => {
  const home = freshHome();
  let isUp = true;
  const server = await serveFaulty(({ method }) => {
    if (method === 'tools/call') return CREATED;
    if (method !== 'tasks/get') return undefined;
    return isUp ? complete(TASK) : { status: 503 };
  });
  await run(['call', server.url, 'deploy', '--detach'], { home });
  const { id } = await onlyTask(home);
  const get = () => run(['get', id, '--json'], { home });
  isUp = false;
  await expect.poll(async () => (await get()).code).toBe(4);
  isUp = true;
  await expect.poll(async () => (await get()).code).toBe(0);
  expect((await onlyTask(home)).trouble).toBeNull();
});

test('a task past its time to live does not count as unreachable', async () => {
  const home = freshHome();
  const overdue = { ...TASK, ttlMs: 1 };
  const server = await serveFaulty(({ method }) => {
    if (method === 'tools/call') return { result: { resultType: 'task', ...overdue } };
    return method === 'tasks/get' ? complete(overdue) : undefined;
  });
  const calling = start(['call', server.url, 'deploy'], { home });
  await calling.waitFor('deploy on');
  await expect.poll(async () => (await onlyTask(home)).trouble).toMatch(/past its time to live/);
  calling.process.kill('SIGINT');
  await calling.done;
  const { id } = await onlyTask(home);
  for (const _time of [1, 2]) {
    expect(await run(['get', id], { home })).toMatchObject({ code: 0 });
    expect(await run(['result', id], { home })).toMatchObject({ code: 7 });
  }
});

test(
  verifies(
    'R1',
    'a result with isError ends with 5 and its payload; a failed task with 1, its error and its last message',
  ),
  async () => {
    const result = {
      isError: true,
      content: [{ type: 'text', text: 'no such branch' }],
      structuredContent: { code: 7 },
    };
    const wrong = await serveEnd({ status: 'completed', result });
    const called = await run(['call', wrong.url, 'deploy', '--json'], { home: freshHome() });
    expect(called.code).toBe(5);
    expect(documentOf(called.stdout).outcome).toMatchObject({ status: 'completed', result });

    const error = { code: -32050, message: 'quota', data: { left: 0 } };
    const failed = await serveEnd({ status: 'failed', statusMessage: 'out of quota', error });
    const ended = await run(['call', failed.url, 'deploy', '--json'], { home: freshHome() });
    expect(ended.code).toBe(1);
    expect(documentOf(ended.stdout)).toMatchObject({
      task: { status: 'failed', statusMessage: 'out of quota' },
      outcome: { status: 'failed', error },
    });
  },
);

test(
  verifies(
    ['R1', 'R2'],
    'a failed task of 2025-11-25 has the payload of tasks/result, which is fetched again after a lost reply',
  ),
  async () => {
    const result = { isError: true, content: [{ type: 'text', text: 'exit status 2' }] };
    const server = await serveFaulty(
      ({ method, count }): Act | undefined => {
        if (method === 'tools/call') return { result: { task: CORE } };
        if (method === 'tasks/get') return { result: { ...CORE, status: 'failed', statusMessage: 'said on the way' } };
        return method === 'tasks/result' ? (count < 3 ? 'reset' : { result }) : undefined;
      },
      { revision: '2025-11-25' },
    );
    const called = await run(['call', server.url, 'deploy', '--json'], { home: freshHome() });
    expect(called.code).toBe(1);
    expect(documentOf(called.stdout).outcome).toEqual({ status: 'failed', result });
    expect(called.stderr).toContain('failed, result not fetched');
  },
);

test(
  verifies(
    'R3',
    'a result of twenty megabytes is one JSON document on standard output, from the call and from the record',
  ),
  async () => {
    const home = freshHome();
    const result = {
      content: [
        { type: 'text', text: 'ü\u0000\u001b[31m\u202e"' },
        { type: 'image', data: 'A'.repeat(20 * 1024 * 1024), mimeType: 'image/png' },
        { type: 'resource_link', uri: 'file:///tmp/report.pdf', name: 'report' },
      ],
      structuredContent: { rows: [1, null, { deep: [true] }] },
    };
    const server = await serveEnd({ status: 'completed', result });
    const called = await run(['call', server.url, 'deploy', '--json'], { home });
    expect(called.code).toBe(0);
    const { task, outcome } = documentOf(called.stdout);
    expect(JSON.stringify(outcome.result) === JSON.stringify(result)).toBe(true);
    const again = await run(['result', String(task.id), '--json'], { home });
    expect(JSON.stringify(documentOf(again.stdout).outcome.result) === JSON.stringify(result)).toBe(true);
  },
);

test(verifies('R1', 'a result that is not a tool result is saved, printed as JSON, and ends with 0'), async () => {
  const result = { summary: 'all fine', artifacts: ['report.pdf'] };
  const server = await serveEnd({ status: 'completed', result });
  const called = await run(['call', server.url, 'deploy'], { home: freshHome() });
  expect({ code: called.code, shown: JSON.parse(called.stdout) }).toEqual({ code: 0, shown: result });
});
