import { rmSync } from 'node:fs';
import { createTaskClient, type TaskUpdate } from '@mcp-tasks/client';
import { connect } from '@mcp-tasks/client/connect';
import { createMemoryStore } from '@mcp-tasks/client/memory-store';
import { openSqliteStore } from '@mcp-tasks/client/sqlite-store';
import { expect, onTestFinished, test } from 'vitest';
import { serveDemoHttp } from '../../packages/cli/src/demo/index.ts';
import { acceptedCall } from '../../packages/client/src/testing/accepted-call.ts';
import { verifies } from '../faults/scenarios.ts';
import { freshDirectory } from './support.ts';

async function serve(speed = 0.2, port?: number) {
  const demo = await serveDemoHttp({ speed, ...(port === undefined ? {} : { port }) });
  onTestFinished(() => demo.stop());
  return demo;
}

const report = { name: 'report', arguments: { topic: 'a' } };

test(
  verifies('O4', "when the store's directory is deleted, the running task and the next call report it"),
  async () => {
    const { url } = await serve(2);
    const directory = freshDirectory();
    const notices: string[] = [];
    const store = await openSqliteStore({ directory, onNotice: (notice) => notices.push(notice) });
    const tasks = createTaskClient({ connection: await connect({ kind: 'url', url }), store });
    const called = await acceptedCall(tasks, report);
    if (called.kind !== 'task') throw new Error('no task');
    rmSync(directory, { recursive: true });
    const warned = (async () => {
      for await (const update of called.task.updates()) if (update.kind === 'warning') return update.message;
      return 'no warning';
    })();
    const second = await acceptedCall(tasks, report).then(
      () => notices.join('\n'),
      (error: Error) => error.message,
    );
    expect(second).toMatch(/not saved|deleted|replaced/i);
    expect(await warned).toMatch(/not saved|deleted|replaced/i);
    const startedAt = performance.now();
    await tasks.close();
    // Closing does not wait for a store that rejects writes; waiting out the lease would take seven seconds.
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    await store.close();
  },
);

test('a client whose store is closed ends its waits, refuses calls with closed, and can be closed', async () => {
  const { url } = await serve();
  const store = await openSqliteStore({ directory: freshDirectory() });
  const tasks = createTaskClient({ connection: await connect({ kind: 'url', url }), store });
  const called = await acceptedCall(tasks, report);
  if (called.kind !== 'task') throw new Error('no task');
  await store.close();
  const waited = await called.task.outcome({ timeoutMs: 3_000 }).then(
    ({ status }) => status,
    (error: { code: string }) => error.code,
  );
  expect(waited).toEqual(expect.any(String));
  await expect(acceptedCall(tasks, report)).rejects.toMatchObject({ code: 'closed' });
  const startedAt = performance.now();
  await tasks.close();
  expect(performance.now() - startedAt).toBeLessThan(2_000);
});

test('a task lost by a restarted server warns, then expires, and the client can still call', async () => {
  const first = await serveDemoHttp({ speed: 5 });
  const tasks = createTaskClient({
    connection: await connect({ kind: 'url', url: first.url }),
    store: createMemoryStore(),
  });
  onTestFinished(() => tasks.close());
  const called = await acceptedCall(tasks, report);
  if (called.kind !== 'task') throw new Error('no task');
  const seen: TaskUpdate['kind'][] = [];
  let warn = (): void => undefined;
  const warned = new Promise<void>((resolve) => {
    warn = resolve;
  });
  const reading = (async () => {
    for await (const { kind } of called.task.updates()) {
      seen.push(kind);
      if (kind === 'warning') warn();
    }
  })();
  await first.stop();
  await warned;
  await serve(5, Number(new URL(first.url).port));
  expect(await called.task.outcome()).toMatchObject({ status: 'expired' });
  await reading;
  expect(seen.indexOf('warning')).toBeLessThan(seen.indexOf('settled'));
  expect((await acceptedCall(tasks, { name: 'hello' })).kind).toBe('complete');
});
