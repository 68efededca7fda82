import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { openSqliteStore } from '@mcp-tasks/client/sqlite-store';
import { beforeAll, expect, test } from 'vitest';
import { sampleRecord } from '../../packages/client/src/testing/sample-record.ts';
import { fillStore } from '../bench/fill-store.ts';
import { freshHome, run, terminal } from './support.ts';

const home = freshHome();
const now = Date.now();
const MINUTE = 60_000;

beforeAll(async () => {
  const directory = join(home, 'state');
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const store = await openSqliteStore({ directory });
  const at = (age: number) => ({ createdAt: now - age, updatedAt: now - age, observedAt: now - age });
  const settled = (status: 'completed' | 'failed') =>
    ({
      phase: 'settled',
      status,
      outcome:
        status === 'failed' ? { status, error: { code: 1, message: 'no' } } : { status, result: { content: [] } },
    }) as const;
  const records = [
    sampleRecord({ id: 'open01', taskId: 't1', ...at(5 * MINUTE), labels: { thread: 'a' } }),
    sampleRecord({ id: 'open02', taskId: 't2', tool: 'report', ...at(6 * MINUTE), labels: { thread: 'b' } }),
    sampleRecord({ id: 'done01', taskId: 't3', ...at(10 * MINUTE), ...settled('completed') }),
    sampleRecord({ id: 'fail01', taskId: 't4', tool: 'report', ...at(3 * 60 * MINUTE), ...settled('failed') }),
    sampleRecord({ id: 'old001', taskId: 't5', ...at(3 * 24 * 60 * MINUTE), ...settled('completed') }),
  ];
  for (const record of records) await store.create(record);
  await store.close();
});

const ids = async (...flags: readonly string[]): Promise<readonly string[]> => {
  const { code, stdout } = await run(['list', '-q', ...flags], { home });
  return [`exit ${code}`, ...stdout.trim().split('\n')];
};

test.each([
  [[], ['open01', 'open02', 'done01', 'fail01']],
  [['--all'], ['open01', 'open02', 'done01', 'fail01', 'old001']],
  [['--status', 'completed'], ['done01']],
  [
    ['--status', 'completed,failed', '--all'],
    ['done01', 'fail01', 'old001'],
  ],
  [
    ['--status', 'open'],
    ['open01', 'open02'],
  ],
  [
    ['--tool', 'report'],
    ['open02', 'fail01'],
  ],
  [
    ['--since', '30m'],
    ['open01', 'open02', 'done01'],
  ],
  [['--label', 'thread=b'], ['open02']],
  [
    ['-n', '2'],
    ['open01', 'open02'],
  ],
  [
    ['-n', '2', '--after', 'open02'],
    ['done01', 'fail01'],
  ],
  [['--server', 'nobody'], ['']],
])('list %j shows the matching records', async (flags, expected) => {
  expect(await ids(...flags)).toEqual(['exit 0', ...expected]);
});

test('list prints the age of its data and the commands for newer and older records', async () => {
  const { stderr } = await run(['list'], { home });
  expect(stderr).toContain('Open tasks are shown as of up to 6 min ago. Ask their servers: mcp-tasks list --refresh');
  expect(stderr).toContain('Settled more than a day ago: mcp-tasks list --all');
  const page = await run(['list', '-n', '2'], { home });
  expect(page.stderr).toContain('2 shown. More: mcp-tasks list --after open02');
});

test('list shows 100 records and the command for the next page; list --json shows all', async () => {
  const crowded = freshHome();
  await fillStore(join(crowded, 'state'), 150);
  const page = await run(['list'], { home: crowded });
  expect(page.stdout.trim().split('\n')).toHaveLength(1 + 100);
  const [, after = ''] =
    /^100 shown\. More: mcp-tasks list --after (\S+), with the same flags$/m.exec(page.stderr) ?? [];
  const rest = await run(['list', '--after', after], { home: crowded });
  expect(rest.stdout.trim().split('\n')).toHaveLength(1 + 50);
  const { tasks } = JSON.parse((await run(['list', '--json'], { home: crowded })).stdout);
  expect(tasks).toHaveLength(150);
});

test('list --refresh polls the servers and names one that does not answer', async () => {
  const { code, stderr } = await run(['list', '--refresh', '--tool', 'report'], { home });
  expect(code).toBe(0);
  expect(stderr).toMatch(/open02 {2}.*a\.example/);
});

test('list --format prints a line of JSON fields; the error for an unknown field lists the fields', async () => {
  const { stdout } = await run(['list', '--tool', 'report', '--format', '{id}\\t{status}\\t{outcome.error.message}'], {
    home,
  });
  expect(stdout).toBe('open02\tworking\t\nfail01\tfailed\tno\n');
  const wrong = await run(['list', '--format', '{nope}'], { home });
  expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('There is id, taskId, server')]);
});

test('list --columns shows these columns in this order', async () => {
  const { stdout } = await run(['list', '--tool', 'report', '--columns', 'status,id'], { home });
  expect(stdout.split('\n')[0]).toBe('STATUS   ID');
  expect((await run(['list', '--columns', 'colour'], { home })).code).toBe(2);
});

test('on a terminal of 80 columns no line of a list wraps', async () => {
  await using screen = terminal(['list'], { home, columns: 80 });
  await screen.exited;
  expect(screen.scrollback()).toMatch(/^◐ open01 {2}deploy {2}/m);
});
