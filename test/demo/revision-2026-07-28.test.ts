import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningDemo, serveDemoHttp } from '../../packages/cli/src/demo/index.ts';
import { EVERYTHING, eventually, freshDirectory, send, until } from './support.ts';

let demo: RunningDemo;
beforeAll(async () => {
  demo = await serveDemoHttp({ speed: 0.05, storeDirectory: freshDirectory() });
});
afterAll(() => demo.stop());

async function call(name: string, args: object = {}, options: Parameters<typeof send>[3] = {}) {
  return send(demo.url, 'tools/call', { name, arguments: args }, options);
}

async function start(name: string, args: object = {}): Promise<string> {
  const { result, error } = await call(name, args);
  expect(error).toBeUndefined();
  expect(result).toMatchObject({ resultType: 'task', ttlMs: expect.any(Number), pollIntervalMs: 50 });
  return result?.taskId as string;
}

test('a release asks for an approval, then for a strategy, and is live', async () => {
  const taskId = await start('release', { service: 'shop', version: '3' });
  const first = await until(demo.url, taskId, 'input_required');
  expect(Object.keys(first.inputRequests as object)).toEqual(['approval']);
  await send(demo.url, 'tasks/update', {
    taskId,
    inputResponses: { approval: { action: 'accept', content: { approve: true, note: 'go' } } },
  });
  const second = await until(demo.url, taskId, 'input_required');
  expect(Object.keys(second.inputRequests as object)).toEqual(['strategy']);
  const late = await send(demo.url, 'tasks/update', {
    taskId,
    inputResponses: { strategy: { action: 'accept', content: { strategy: 'canary' } } },
  });
  expect(late.result).toMatchObject({ resultType: 'complete' });
  const done = await until(demo.url, taskId, 'completed', 'failed');
  expect(done.result).toMatchObject({
    structuredContent: { service: 'shop', version: '3', strategy: 'canary', live: true },
  });
});

test('a declined approval releases nothing', async () => {
  const taskId = await start('release');
  await until(demo.url, taskId, 'input_required');
  await send(demo.url, 'tasks/update', { taskId, inputResponses: { approval: { action: 'decline' } } });
  const done = await until(demo.url, taskId, 'completed');
  expect(JSON.stringify(done.result)).toContain('was not released');
});

test('a survey keeps its unanswered questions open', async () => {
  const taskId = await start('survey');
  await until(demo.url, taskId, 'input_required');
  await send(demo.url, 'tasks/update', {
    taskId,
    inputResponses: { you: { action: 'accept', content: { name: 'Ada', email: 'a@b.c' } } },
  });
  const half = await until(demo.url, taskId, 'input_required');
  expect(Object.keys(half.inputRequests as object)).toEqual(['visit']);
  await send(demo.url, 'tasks/update', { taskId, inputResponses: { visit: { action: 'decline' } } });
  const done = await until(demo.url, taskId, 'completed');
  expect(JSON.stringify(done.result)).toContain('Thank you, Ada.');
});

test('a sign-in task continues after its page was confirmed', async () => {
  const taskId = await start('sign-in');
  const asking = await until(demo.url, taskId, 'input_required');
  const { page } = asking.inputRequests as Record<string, { params: { url: string; mode: string } }>;
  expect(page?.params.mode).toBe('url');
  await send(demo.url, 'tasks/update', { taskId, inputResponses: { page: { action: 'accept' } } });
  expect((await send(demo.url, 'tasks/get', { taskId })).result?.status).toBe('working');
  expect(await (await fetch(page?.params.url ?? '')).text()).toContain('<form method="post">');
  await fetch(page?.params.url ?? '', { method: 'POST' });
  const done = await until(demo.url, taskId, 'completed');
  expect(JSON.stringify(done.result)).toContain('Signed in as');
});

test('an import fails with its code and data', async () => {
  const done = await until(demo.url, await start('import'), 'completed', 'failed');
  expect(done).toMatchObject({ status: 'failed', error: { code: -32603, data: { row: 3211, column: 'price' } } });
  expect(done).not.toHaveProperty('result');
});

test('a check completes with a result that is an error', async () => {
  const done = await until(demo.url, await start('check'), 'completed');
  expect(done.result).toMatchObject({ isError: true });
});

test('a batch stops when cancelled, and a pinned batch does not', async () => {
  const [batch, pinned] = [await start('batch', { items: 5 }), await start('batch-pinned', { items: 5 })];
  for (const taskId of [batch, pinned]) {
    expect((await send(demo.url, 'tasks/cancel', { taskId })).result).toMatchObject({ resultType: 'complete' });
  }
  expect((await until(demo.url, batch, 'cancelled', 'completed')).status).toBe('cancelled');
  expect((await until(demo.url, pinned, 'cancelled', 'completed')).status).toBe('completed');
});

test('questions before the task pass their requestState along, and the task reuses a question key', async () => {
  const first = (await call('confirm-first')).result as Record<string, unknown>;
  expect(first).toMatchObject({ resultType: 'input_required', inputRequests: { confirm: {} } });
  const repeat = (inputResponses: object, requestState: unknown) =>
    send(demo.url, 'tools/call', { name: 'confirm-first', arguments: {}, inputResponses, requestState });
  const second = (await repeat({ confirm: { action: 'accept', content: { confirm: true } } }, first.requestState))
    .result;
  expect(second).toMatchObject({ resultType: 'input_required', inputRequests: { reason: {} } });
  const third = (await repeat({ reason: { action: 'accept', content: { reason: 'too old' } } }, second?.requestState))
    .result;
  expect(third).toMatchObject({ resultType: 'task' });
  const taskId = third?.taskId as string;
  const asking = await until(demo.url, taskId, 'input_required');
  expect(Object.keys(asking.inputRequests as object)).toEqual(['confirm']);
  await send(demo.url, 'tasks/update', {
    taskId,
    inputResponses: { confirm: { action: 'accept', content: { confirm: true } } },
  });
  expect(JSON.stringify((await until(demo.url, taskId, 'completed')).result)).toContain('because: too old');
});

test('a forged requestState is refused', async () => {
  const answer = await send(demo.url, 'tools/call', {
    name: 'confirm-first',
    arguments: {},
    inputResponses: {},
    requestState: 'v1.e30.AAAA',
  });
  expect(answer.error?.code).toBe(-32602);
});

test('a client that did not opt in never receives a task', async () => {
  const capabilities = { elicitation: {}, sampling: {} };
  const tools = (await send(demo.url, 'tools/list', {}, { capabilities })).result?.tools as { name: string }[];
  for (const { name } of tools) {
    const args = name === 'echo' ? { text: 'x' } : name === 'batch' ? { items: 1 } : {};
    const { result, error } = await call(name, args, { capabilities });
    expect([name, result?.resultType ?? error?.code]).toEqual([
      name,
      expect.toSatisfy((kind) => ['complete', 'input_required', -32021].includes(kind)),
    ]);
    expect(result ?? {}).not.toHaveProperty('taskId');
  }
  for (const method of ['tasks/get', 'tasks/update', 'tasks/cancel']) {
    const answer = await send(demo.url, method, { taskId: 'x', inputResponses: {} }, { capabilities });
    expect(answer.error).toMatchObject({
      code: -32021,
      data: { requiredCapabilities: { extensions: { 'io.modelcontextprotocol/tasks': {} } } },
    });
  }
});

test('a tool whose questions the client cannot answer is refused with the missing capability', async () => {
  const { sampling: _, ...capabilities } = EVERYTHING;
  const answer = await call('summarize', {}, { capabilities });
  expect(answer.error).toMatchObject({ code: -32021, data: { requiredCapabilities: { sampling: {} } } });
});

test('an unknown task is -32602 in every method', async () => {
  for (const method of ['tasks/get', 'tasks/update', 'tasks/cancel']) {
    expect((await send(demo.url, method, { taskId: 'nothing', inputResponses: {} })).error?.code).toBe(-32602);
  }
});

test('a task past its time to live is gone, unless it is working', async () => {
  const asking = await start('mischief', { ttlMs: 400, ask: true, seconds: 0 });
  await until(demo.url, asking, 'input_required');
  await eventually(async () => (await send(demo.url, 'tasks/get', { taskId: asking })).error?.code).toBe(-32602);
  const working = await start('mischief', { ttlMs: 1, seconds: 4 });
  expect((await until(demo.url, working, 'completed')).status).toBe('completed');
});
