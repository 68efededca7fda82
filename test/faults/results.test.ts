import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openSqliteStore } from '../../packages/client/src/store/sqlite-store.ts';
import type { JsonObject, JsonValue } from '../../packages/client/src/task/json.ts';
import { createFakeClock, fail, type Script } from '../../packages/client/src/testing/index.ts';
import { verifies } from './scenarios.ts';
import { CORE_WORKING, CREATED, callTask, createWorld, WORKING } from './world.ts';

const RESULT = { content: [{ type: 'text', text: 'done' }] };

function core(result: (count: number) => JsonValue, status: string, statusMessage = 'said on the way'): Script {
  return ({ method }, count) => {
    if (method === 'tools/list') return { tools: [{ name: 'deploy', execution: { taskSupport: 'required' } }] };
    if (method === 'tools/call') return { task: CORE_WORKING };
    return method === 'tasks/result' ? result(count) : { ...CORE_WORKING, status, statusMessage };
  };
}

test(verifies('R1', 'a result with isError is kept whole, and the task is completed'), async () => {
  const result = { isError: true, content: [{ type: 'text', text: 'no such branch' }], structuredContent: { code: 7 } };
  const world = createWorld(({ method }) =>
    method === 'tools/call' ? CREATED : { ...WORKING, status: 'completed', result },
  );
  const task = await callTask(world);
  await world.clock.advance(1_000);
  expect(await task.outcome()).toEqual({ status: 'completed', result, error: undefined });
});

test(verifies('R1', 'a failure keeps its code, message, data and status message'), async () => {
  const error = { code: -32050, message: 'quota', data: { left: 0 } };
  const world = createWorld(({ method }) =>
    method === 'tools/call' ? CREATED : { ...WORKING, status: 'failed', statusMessage: 'out of quota', error },
  );
  const task = await callTask(world);
  await world.clock.advance(1_000);
  expect(await task.outcome()).toMatchObject({ status: 'failed', error });
  expect(task.latest).toMatchObject({ status: 'failed', statusMessage: 'out of quota' });
});

test(verifies('R1', 'a failure of 2025-11-25 keeps the payload of tasks/result'), async () => {
  const result = { isError: true, content: [{ type: 'text', text: 'exit status 2' }] };
  const world = createWorld(
    core(() => result, 'failed'),
    { revision: '2025-11-25' },
  );
  const task = await callTask(world);
  await world.clock.advance(2_000);
  expect(await task.outcome()).toMatchObject({ status: 'failed', result });
});

test(verifies('R1', 'a failure of 2025-11-25 that tasks/result answers with an error keeps that error'), async () => {
  const refuse = (): never => fail({ kind: 'rpc', code: -32050, message: 'quota', data: { left: 0 } });
  const world = createWorld(core(refuse, 'failed'), { revision: '2025-11-25' });
  const task = await callTask(world);
  await world.clock.advance(2_000);
  const error = { code: -32050, message: 'quota', data: { left: 0 } };
  expect(await task.outcome()).toEqual({ status: 'failed', error });
});

test(
  verifies(
    'R2',
    'a result that cannot be fetched is reported, never replaced by the status message, and fetched later',
  ),
  async () => {
    const world = createWorld(
      core((count) => (count <= 8 ? fail({ kind: 'transport', message: 'ECONNRESET' }) : RESULT), 'completed'),
      { revision: '2025-11-25' },
    );
    const task = await callTask(world);
    const first = task.outcome();
    await world.clock.advance(30_000);
    expect(await first).toMatchObject({
      status: 'unreachable',
      error: { message: expect.stringContaining('not fetched') },
    });
    expect(task.latest).toMatchObject({ phase: 'open', status: 'completed', outcome: null });
    const later = task.outcome();
    await world.client.close();
    expect(await later).toEqual({ status: 'detached' }); // it kept waiting until it was detached
    const next = world.another({ script: core(() => RESULT, 'completed') });
    const again = await next.client.get('t1').follow();
    await next.clock.advance(2_000);
    expect(await again.outcome()).toMatchObject({ status: 'completed', result: RESULT });
    expect(next.connection.count('tools/call')).toBe(0);
  },
);

test(
  verifies('R3', 'a result of twenty megabytes, with every kind of content, is whole on disk and in the outcome'),
  async () => {
    const directory = mkdtempSync(join(tmpdir(), 'mcp-tasks-large-'));
    const clock = createFakeClock();
    const store = await openSqliteStore({ directory, clock, durable: false });
    const result: JsonObject = {
      content: [
        { type: 'text', text: 'ü\u0000\u001b[31m\u202e"'.repeat(10) },
        { type: 'image', data: 'A'.repeat(20 * 1024 * 1024), mimeType: 'image/png' },
        { type: 'resource_link', uri: 'file:///tmp/report.pdf', name: 'report' },
        { type: 'resource', resource: { uri: 'mem://blob', blob: 'AAECAw==' } },
      ],
      structuredContent: { rows: [1, null, { deep: [true] }] },
      _meta: { kept: true },
    };
    const world = createWorld(
      ({ method }) => (method === 'tools/call' ? CREATED : { ...WORKING, status: 'completed', result }),
      { store, clock },
    );
    const task = await callTask(world);
    await world.clock.advance(1_000);
    const outcome = await task.outcome();
    expect(JSON.stringify(outcome.result) === JSON.stringify(result)).toBe(true);
    await world.client.close();
    await store.close();
    const again = await openSqliteStore({ directory });
    const [record] = (await again.find('t1')).records;
    expect(JSON.stringify(record?.outcome?.result) === JSON.stringify(result)).toBe(true);
    await again.close();
    rmSync(directory, { recursive: true });
  },
);

test(verifies('R2', 'a result is fetched again after an internal error'), async () => {
  const script = core(
    (count) => (count < 3 ? fail({ kind: 'rpc', code: -32603, message: 'busy' }) : RESULT),
    'completed',
  );
  const world = createWorld(script, { revision: '2025-11-25' });
  const task = await callTask(world);
  await world.clock.advance(30_000);
  expect(await task.outcome()).toMatchObject({ status: 'completed', result: RESULT });
  expect(world.connection.count('tasks/result')).toBe(3);
});

test(verifies(['R2', 'P10'], 'a completed task whose result cannot be fetched is no success'), async () => {
  const refuse = (): never => fail({ kind: 'rpc', code: -32601, message: 'Method not found' });
  const world = createWorld(core(refuse, 'completed'), { revision: '2025-11-25' });
  const task = await callTask(world);
  await world.clock.advance(30_000);
  expect(await task.outcome()).toMatchObject({ status: 'unknown', error: { code: -32601 } });
  expect(task.latest).toMatchObject({
    phase: 'open',
    status: 'completed',
    outcome: null,
    trouble: expect.stringContaining('completed, result not fetched'),
  });
  await world.client.close();
});
