import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createTaskClient } from '@mcp-tasks/client';
import { connect } from '@mcp-tasks/client/connect';
import { createMemoryStore } from '@mcp-tasks/client/memory-store';
import { expect, onTestFinished, test } from 'vitest';
import { freshHome } from '../commands/support.ts';

const SERVER = resolve(import.meta.dirname, 'build-server.mjs');
const BUILD = {
  start: { tool: 'create_build', id: '/number' },
  status: {
    tool: 'get_build',
    arguments: { number: '{id}' },
    state: '/state',
    message: '/message',
    map: { working: ['running'], completed: ['passed'] },
  },
  list: { tool: 'list_builds', items: '/builds', id: '/number', state: '/state' },
  pollIntervalMs: 2_000,
} as const;

interface Build {
  readonly number: number;
  readonly state: string;
}

test('twenty running builds of a server cost one list call a poll, and a finished one a status call', async () => {
  const file = join(freshHome(), 'builds.json');
  const connection = await connect({ kind: 'command', command: process.execPath, args: [SERVER, file] });
  const client = createTaskClient({ connection, store: createMemoryStore(), jobs: { build: BUILD } });
  onTestFinished(async () => {
    await client.close();
    await connection.close();
  });
  const tasks = await Promise.all(
    Array.from({ length: 20 }, (_, at) => client.start({ name: 'build', arguments: { branch: `b${at}` } })),
  );
  await Promise.all(tasks.map((task) => task.accepted()));
  const calls = (): readonly string[] => readFileSync(`${file}.calls`, 'utf8').trimEnd().split('\n');
  const countOf = (tool: string): number => calls().filter((name) => name === tool).length;
  /** Waits for this many further polls. */
  const polled = async (times: number): Promise<void> => {
    const wanted = countOf('list_builds') + times;
    await expect.poll(() => countOf('list_builds'), { timeout: 30_000 }).toBeGreaterThanOrEqual(wanted);
  };
  writeFileSync(`${file}.calls`, '');
  await polled(2); // by now the list has the builds that started late
  const before = countOf('get_build');
  await polled(3);
  expect(countOf('get_build')).toBe(before);
  const builds = JSON.parse(readFileSync(file, 'utf8')) as readonly Build[];
  writeFileSync(
    file,
    JSON.stringify(builds.map((build) => (build.number === 7 ? { ...build, state: 'passed' } : build))),
  );
  const isSeventh = ({ latest }: (typeof tasks)[number]) => latest.taskId?.startsWith('["build",7,') === true;
  await expect.poll(() => tasks.find(isSeventh)?.latest.status, { timeout: 30_000 }).toBe('completed');
  expect(countOf('get_build')).toBe(before + 1);
});
