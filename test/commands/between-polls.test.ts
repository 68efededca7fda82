import { join } from 'node:path';
import { openSqliteStore } from '@mcp-tasks/client/sqlite-store';
import { expect, test } from 'vitest';
import { complete, serveFaulty } from '../faults/faulty-server.ts';
import { freshHome, idOf, run, start } from './support.ts';

/** A record polled some seconds ago, whose next poll is set by the server's interval. */
async function calledBefore(pollIntervalMs: number) {
  const home = freshHome();
  const task = { taskId: 'slow-1', pollIntervalMs, ttlMs: null, status: 'working' };
  const server = await serveFaulty(({ method }) => {
    if (method === 'tools/call') return { result: { resultType: 'task', ...task } };
    return method === 'tasks/get' ? complete(task) : undefined;
  });
  expect(await run(['call', server.url, 'deploy', '--detach'], { home })).toMatchObject({ code: 0 });
  const id = await idOf(home, 'deploy');
  const store = await openSqliteStore({ directory: join(home, 'state') });
  await store.update(id, ({ nextPollAt = 0, ...record }) => ({
    ...record,
    observedAt: record.observedAt - 20_000,
    nextPollAt: nextPollAt - 20_000,
  }));
  await store.close();
  return { home, server, id };
}

test('output between two polls shows its age and the next poll', async () => {
  const { home, server, id } = await calledBefore(600_000);
  const age = /as of (?:[2-9]\d s|\d+ min(?: \d+ s)?) ago; the server may be asked again in \d+ min( \d+ s)?\n/;
  const line = new RegExp(`^${id}  ${age.source}`, 'm');
  expect((await run(['get', id, '--json'], { home })).stderr).toMatch(line);
  expect((await run(['wait', id, '--timeout', '250ms'], { home })).stderr).toMatch(line);
  expect((await run(['result', id], { home })).stderr).toMatch(
    new RegExp(`^error: Task ${id} has not ended: working ${age.source}`),
  );
  const watching = start(['watch', server.url, '--json'], { home });
  await watching.waitFor(line);
  watching.process.kill('SIGINT');
  expect((await watching.done).stderr).toMatch(line);
  expect(server.count('tasks/get')).toBe(0);
});

test('a fresh update has no age', async () => {
  const { home, server, id } = await calledBefore(250);
  const read = await run(['get', id, '--json'], { home });
  expect(read).toMatchObject({ code: 0 });
  expect(read.stderr).not.toContain('as of');
  expect(server.count('tasks/get')).toBe(1);
});
