import { join } from 'node:path';
import type { TaskRecord } from '@mcp-tasks/client';
import { openSqliteStore } from '@mcp-tasks/client/sqlite-store';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { complete, serveFaulty } from '../faults/faulty-server.ts';
import { begin, type Demo, freshHome, run, serveDemo, watch } from './support/watch.ts';

let demo: Demo;
beforeAll(async () => {
  demo = await serveDemo(freshHome());
});
afterAll(() => demo.stop());

test('c asks before it cancels: n keeps the task, y cancels it', async () => {
  const home = freshHome();
  const id = await begin(home, demo, 'batch', 'items=3600');
  await using term = watch(home, [demo.url, '--keep-open']);
  await term.waitFor(/◐ (?:\w+ +)?batch/);
  term.write('c');
  await term.waitFor(`to stop batch ${id}? y/n`);
  term.write('n');
  await term.waitUntilGone('y/n');
  term.write('c');
  await term.waitFor('y/n');
  term.write('y');
  await term.waitFor(/○ (?:\w+ +)?batch/);
});

test('a cancelled task shows "cancellation requested" until the server ends it, and may still complete', async () => {
  const home = freshHome();
  const task = { taskId: 't1', ttlMs: null, pollIntervalMs: 250 };
  const result = { resultType: 'complete', content: [{ type: 'text', text: 'deployed all the same' }] };
  let done = false;
  const server = await serveFaulty(({ method }) => {
    if (method === 'tools/call') return { result: { resultType: 'task', ...task, status: 'working' } };
    if (method === 'tasks/cancel') return complete({});
    if (method !== 'tasks/get') return undefined;
    return complete(done ? { ...task, status: 'completed', result } : { ...task, status: 'working' });
  });
  await begin(home, server, 'deploy');
  await using term = watch(home, [server.url, '--keep-open']);
  await term.waitFor(/◐ (?:\w+ +)?deploy/);
  term.write('cy');
  await term.waitFor('cancellation requested');
  await expect.poll(() => server.count('tasks/cancel')).toBe(1);
  done = true;
  expect(await term.waitFor('deployed all the same')).toMatch(/● (?:\w+ +)?deploy/);
});

test("R repeats a call from a prefilled form, and keeps the record's labels and key as rerun does", async () => {
  const home = freshHome();
  const id = await begin(home, demo, 'report');
  await run(['wait', id], { home });
  await update(home, id, (record) => ({ ...record, labels: { team: 'web' }, key: 'nightly' }));
  await using term = watch(home, [demo.url]);
  await term.waitFor(/● (?:\w+ +)?report/);
  term.write('R');
  await term.waitFor(/topic/i);
  term.press('ctrlR');
  await term.waitFor('[ Call ]');
  term.press('enter');
  await expect.poll(async () => (await tasks(home)).length).toBe(2);
  const again = (await tasks(home)).find(({ task }) => task.id !== id)?.task;
  expect(again).toMatchObject({ rerunOf: id, labels: { team: 'web' }, key: 'nightly' });
});

async function update(home: string, id: string, change: (record: TaskRecord) => TaskRecord): Promise<void> {
  const store = await openSqliteStore({ directory: join(home, 'state') });
  await store.update(id, change);
  await store.close();
}

interface Listed {
  readonly task: { readonly id: string; readonly rerunOf: string | null };
}

async function tasks(home: string): Promise<readonly Listed[]> {
  return JSON.parse((await run(['list', '--all', '--json'], { home })).stdout).tasks;
}

test('f asks, then deletes the record; the task keeps running', async () => {
  const home = freshHome();
  const id = await begin(home, demo, 'batch', 'items=3600');
  await using term = watch(home, [demo.url]);
  await term.waitFor(/◐ (?:\w+ +)?batch/);
  term.write('f');
  await term.waitFor(`Delete our record of batch ${id}? The task itself goes on. y/n`);
  term.write('y');
  await term.waitFor('No tasks yet.');
  expect((await run(['get', id], { home })).code).not.toBe(0);
});

test('d stops following a task and nothing else; d again follows it again', async () => {
  const home = freshHome();
  const id = await begin(home, demo, 'batch', 'items=3600');
  await using term = watch(home, [demo.url]);
  await term.waitFor(/◐ (?:\w+ +)?batch +Item \d+ of/);
  term.write('d');
  await term.waitFor(/◐ (?:\w+ +)?batch +detached/);
  expect(term.screen()).toContain('d follow again');
  term.write('d');
  await term.waitFor(/◐ (?:\w+ +)?batch +Item/);
  const item = /Item (\d+)/.exec(term.screen())?.[1];
  await term.waitFor((screen) => Number(/Item (\d+)/.exec(screen)?.[1]) > Number(item));
  term.write('d');
  await term.waitFor('detached');
  term.write('q');
  expect(await term.exited).toMatchObject({ code: 0 });
  const { stdout } = await run(['get', id, '--json'], { home });
  expect(JSON.parse(stdout).task.status).toBe('working');
});

test('n starts a call: tool, form, review; its task appears in the list', async () => {
  const home = freshHome();
  await using term = watch(home, [demo.url]);
  await term.waitFor('Press n to start a call.');
  term.write('n');
  await term.waitFor(/❯ batch +Run a batch/);
  term.write('batch');
  await term.waitFor(/batch-pinned/);
  term.press('enter');
  await term.waitFor('a whole number, 1 to 3600');
  term.press('ctrlU');
  term.write('0\r');
  await term.waitFor('must be 1 or more');
  term.press('backspace');
  term.write('3600\r');
  await term.waitFor('[ Call ]');
  term.press('enter');
  await term.waitFor(/◐ (?:\w+ +)?batch .*Item \d+ of 3600/);
});

test('a tool that returns at once leaves its result in the list, and the view stays open', async () => {
  const home = freshHome();
  await using term = watch(home, [demo.url]);
  await term.waitFor('Press n to start a call.');
  term.write('n');
  await term.waitFor(/❯/);
  term.write('hello');
  await term.waitFor(/❯ hello/);
  term.press('enter');
  await term.waitFor('Answers at once.');
  term.press('enter');
  await term.waitFor('[ Call ]');
  term.press('enter');
  await term.waitFor(/● (?:\w+ +)?hello/);
  term.press('enter');
  await term.waitFor('completed');
  expect(term.screen()).not.toContain('Leaving in');
});

test('with --read-only no key changes anything, and the footer offers no such key', async () => {
  const home = freshHome();
  const id = await begin(home, demo, 'release');
  await using term = watch(home, [demo.url, '--read-only']);
  await term.waitFor('1 needs input');
  expect(term.screen()).toContain('read-only');
  term.write('acydfyn');
  term.press('enter');
  const detail = await term.waitFor('task id');
  expect(detail).toContain(id);
  expect(detail).not.toMatch(/a answer|c cancel|f forget|n new call/);
});
