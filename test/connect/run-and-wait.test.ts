import { createTaskClient, type Progress, type TaskUpdate, waitAll, waitAny } from '@mcp-tasks/client';
import { connect } from '@mcp-tasks/client/connect';
import { createMemoryStore } from '@mcp-tasks/client/memory-store';
import { createFakeClock, createScriptedConnection } from '@mcp-tasks/client/testing';
import { expect, onTestFinished, test, vi } from 'vitest';
import { serveDemoHttp } from '../../packages/cli/src/demo/index.ts';
import { acceptedCall } from '../../packages/client/src/testing/accepted-call.ts';
import { answerNow } from '../../packages/client/src/testing/answer-now.ts';
import { followOpen } from '../../packages/client/src/testing/follow-open.ts';
import { EVERYTHING_STDIO, freshDirectory, spawnDemo } from './support.ts';

// Preloaded: a fake clock would not wait for its import.
await import('../../packages/client/src/api/run-call.ts');

async function open(url?: string, store = createMemoryStore()) {
  let target = url;
  if (target === undefined) {
    const demo = await serveDemoHttp({ speed: 0.05 });
    onTestFinished(() => demo.stop());
    target = demo.url;
  }
  const tasks = createTaskClient({ connection: await connect({ kind: 'url', url: target }), store });
  onTestFinished(() => tasks.close());
  return { tasks, store };
}

async function start(tasks: ReturnType<typeof createTaskClient>, name: string, args = {}) {
  const call = await acceptedCall(tasks, { name, arguments: args });
  if (call.kind !== 'task') throw new Error('No task');
  return call.task;
}

test('run() returns the result of tools with and without tasks', async () => {
  const { tasks } = await open();
  const progress: Progress[] = [];
  const onProgress = (each: Progress) => void progress.push(each);
  const report = await tasks.run({ name: 'report', arguments: { topic: 'Shops' } }, { onProgress });
  expect(report).toMatchObject({ content: expect.any(Array), structuredContent: { topic: 'Shops' } });
  expect(progress.map(({ message }) => message)).toContain('Writing');
  expect(await tasks.run({ name: 'echo', arguments: { text: 'hi' } })).toMatchObject({
    content: [{ type: 'text', text: 'hi' }],
  });
  expect(await tasks.run({ name: 'check' })).toMatchObject({ isError: true });
});

test('questions of a call go to the handler given with the call', async () => {
  const { tasks } = await open();
  const asked: string[] = [];
  const result = await tasks.run(
    { name: 'release', arguments: { service: 'shop' } },
    {
      onQuestion({ key }) {
        asked.push(key);
        return { action: 'accept', content: key === 'approval' ? { approve: true } : { strategy: 'canary' } };
      },
    },
  );
  expect(asked).toEqual(['approval', 'strategy']);
  expect(result).toMatchObject({ structuredContent: { live: true } });
});

test('an invalid answer or a throwing handler ends the wait, not the task', async () => {
  const { tasks, store } = await open();
  const misfit = tasks.run({ name: 'release' }, { onQuestion: () => ({ action: 'accept', content: {} }) });
  await expect(misfit).rejects.toMatchObject({ code: 'answer-invalid' });
  const onQuestion = () => Promise.reject(new Error('nobody at the desk'));
  await expect(tasks.run({ name: 'release' }, { onQuestion })).rejects.toThrow('nobody at the desk');
  const waiting = (await store.list({ open: true })).records;
  expect(waiting.map(({ status, cancelRequestedAt }) => [status, cancelRequestedAt])).toEqual([
    ['input_required', undefined],
    ['input_required', undefined],
  ]);
});

test('a question that was already answered elsewhere is no error for the caller', async () => {
  const { tasks } = await open();
  const result = await tasks.run(
    { name: 'release' },
    {
      async onQuestion({ key, task }) {
        const response = { action: 'accept', content: key === 'approval' ? { approve: true } : { strategy: 'canary' } };
        await answerNow(task, key, response);
        return response;
      },
    },
  );
  expect(result).toMatchObject({ structuredContent: { live: true } });
});

test('a call without a task times out too, and its later result is recorded', async () => {
  const connection = createScriptedConnection({ revision: '2025-11-25' }, async ({ method }) => {
    if (method === 'tools/list') return { tools: [{ name: 'slow', inputSchema: { type: 'object' } }] };
    await done;
    return { isError: false };
  });
  let finish = (): void => undefined;
  const done = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const [clock, store] = [createFakeClock(), createMemoryStore()];
  const tasks = createTaskClient({ connection, store, clock });
  const late = tasks.run({ name: 'slow' }, { timeoutMs: 90_000 });
  const [{ id = '' } = {}] = await vi.waitUntil(async () => {
    const records = (await store.list()).records;
    return connection.count('tools/call') === 1 ? records : undefined;
  });
  const refused = expect(late).rejects.toMatchObject({ code: 'timed-out', hint: expect.stringContaining(id) });
  await clock.advance(90_000);
  await refused;
  finish();
  await vi.waitUntil(async () => (await store.read(id))?.phase === 'settled');
  expect((await store.read(id))?.outcome).toEqual({ status: 'completed', result: { isError: false, content: [] } });
  await tasks.close();
});

test('progress increases by one per message when the server sends no numbers', async () => {
  const { tasks } = await open();
  const progress: Progress[] = [];
  await tasks.run({ name: 'report' }, { onProgress: (each) => void progress.push(each) });
  expect(progress.length).toBeGreaterThan(1);
  expect(progress.map((each) => each.progress)).toEqual(progress.map((_each, index) => index + 1));
});

test('an incomplete call is an error with a code, and its record is kept', async () => {
  const { tasks, store } = await open();
  await expect(tasks.run({ name: 'import' })).rejects.toMatchObject({ code: 'task-failed' });
  const leaving = tasks.run({ name: 'batch', arguments: { items: 500 } }, { timeoutMs: 300 });
  await expect(leaving).rejects.toMatchObject({
    code: 'timed-out',
    hint: expect.stringContaining('Follow its task again'),
  });
  const stop = new AbortController();
  const aborted = expect(tasks.run({ name: 'release' }, { signal: stop.signal })).rejects.toMatchObject({
    code: 'aborted',
  });
  const openTasks = async () => (await store.list({ open: true })).records.filter(({ taskId }) => taskId !== null);
  await expect.poll(openTasks).toHaveLength(2);
  stop.abort();
  await aborted;
  expect(await openTasks()).toHaveLength(2);
});

test('progress that a 2025-11-25 server reports is forwarded', async () => {
  const tasks = createTaskClient({ connection: await connect(EVERYTHING_STDIO), store: createMemoryStore() });
  onTestFinished(() => tasks.close());
  const progress: Progress[] = [];
  await tasks.run(
    { name: 'trigger-long-running-operation', arguments: { duration: 1, steps: 4 } },
    { onProgress: (each) => void progress.push(each) },
  );
  expect(progress).toEqual([1, 2, 3, 4].map((step) => ({ progress: step, total: 4 })));
});

test('one event stream covers every task, including later ones', async () => {
  const { tasks } = await open();
  const first = await start(tasks, 'batch', { items: 2 });
  const events = tasks.events();
  const second = await start(tasks, 'release');
  const kinds = new Map<string, TaskUpdate['kind'][]>();
  for await (const { kind, record } of events) {
    kinds.set(record.id, [...(kinds.get(record.id) ?? []), kind]);
    if (kinds.get(first.id)?.includes('settled') && kinds.get(second.id)?.includes('question')) break;
  }
  expect(kinds.get(first.id)?.[0]).toBe('status');
  expect(kinds.get(second.id)?.[0]).toBe('status');
});

test('waitAny leaves the other tasks running; waitAll returns the outcomes in order', async () => {
  const { tasks } = await open();
  const slow = await start(tasks, 'batch', { items: 40 });
  const quick = await start(tasks, 'batch', { items: 1 });
  const any = await waitAny([slow, quick]);
  expect(any.task.id).toBe(quick.id);
  expect(slow.latest.phase).toBe('open');
  const all = await waitAll([slow, quick]);
  expect(all.map(({ task, outcome }) => [task.id, outcome.status])).toEqual([
    [slow.id, 'completed'],
    [quick.id, 'completed'],
  ]);
});

test('a restarted host sees the tasks that settled while it was down', async () => {
  const demo = await spawnDemo({ speed: 0.05, storeDirectory: freshDirectory() });
  onTestFinished(() => demo.kill());
  const { tasks, store } = await open(demo.url);
  const [first, second] = [await start(tasks, 'batch', { items: 3 }), await start(tasks, 'release')];
  const leftAt = Date.now();
  await tasks.close();
  const again = await open(demo.url, store);
  const events = again.tasks.events();
  const resumed = await followOpen(again.tasks);
  expect(resumed.map(({ id }) => id)).toContain(second.id);
  const changed = await again.tasks.list({ since: leftAt });
  const ids = [...resumed, ...changed.records].map(({ id }) => id);
  expect(new Set(ids)).toEqual(new Set([first.id, second.id]));
  const seen = new Set<string>();
  for await (const { kind, record } of events) {
    seen.add(`${kind} ${record.id}`);
    if (seen.has(`settled ${first.id}`) && seen.has(`question ${second.id}`)) break;
  }
});
