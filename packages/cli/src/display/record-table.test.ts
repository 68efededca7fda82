import { RECORD_VERSION, type TaskRecord } from '@mcp-tasks/client';
import { expect, test } from 'vitest';
import { recordTable } from './record-table.ts';

const NOW = Date.UTC(2026, 10, 23, 9);
const MINUTE = 60_000;

function record(over: Partial<TaskRecord>): TaskRecord {
  return {
    version: RECORD_VERSION,
    id: 'k7f3q2',
    server: { fingerprint: 'one', label: 'deploys.example.com', target: { kind: 'url', url: 'https://a.example/mcp' } },
    revision: '2026-07-28',
    method: 'tools/call',
    tool: 'deploy-to-production',
    arguments: { version: '1.0.10', dryRun: false },
    phase: 'open',
    status: 'working',
    statusMessage: 'Building 12 of 40 packages, the slow ones last, and then the tests of all of them',
    taskId: 't1',
    createdAt: NOW - 90 * MINUTE,
    updatedAt: NOW - 3 * MINUTE,
    observedAt: NOW - 3 * MINUTE,
    inputRequests: {},
    ledger: {},
    history: [],
    outcome: null,
    ...over,
  };
}

const request = { method: 'elicitation/create', params: { message: 'Deploy 1.0.11 to production now?' } };
const ROWS = [
  record({}),
  record({
    id: 'm4pdx8',
    arguments: { version: '1.0.11', dryRun: false },
    status: 'input_required',
    statusMessage: 'Waiting',
    inputRequests: { approve: request },
    ledger: { approve: { state: 'open', digest: 'd' } },
  }),
  record({
    id: 'x2c9vv',
    tool: 'report',
    phase: 'settled',
    status: 'failed',
    outcome: { status: 'failed', error: { code: -32603, message: 'prices.csv: row 3211 has "n/a"' } },
  }),
  record({ id: 'p0w3rr', tool: 'report', phase: 'intent', contact: { kind: 'lost', since: 0 }, taskId: null }),
];

test.each([40, 60, 80, 120])('a list at %i columns gives its width to the message', async (width) => {
  const text = await recordTable(ROWS, { now: NOW, width, unicode: true });
  expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(width);
  await expect(`${text}\n`).toMatchFileSnapshot(`./tables/list-${width}.txt`);
});

test('a list at 80 columns gives the message at least half of them', async () => {
  const text = await recordTable(ROWS, { now: NOW, width: 80, unicode: true });
  const [head = '', first = ''] = text.split('\n');
  const from = head.indexOf('MESSAGE');
  expect(first.indexOf('3 min ago') - from).toBeGreaterThanOrEqual(40);
});

test('a list of several servers names them if there is room', async () => {
  const other = { fingerprint: 'two', label: 'other', target: { kind: 'url', url: 'https://b.example/mcp' } } as const;
  const rows = [...ROWS, record({ id: 'other1', server: other })];
  expect(await recordTable(rows, { now: NOW, width: 120, unicode: true })).toContain('other');
  expect(await recordTable(rows, { now: NOW, width: 80, unicode: true })).not.toContain('SERVER');
});

test('a list in a pipe keeps every cell whole, and a terminal without Unicode gets ASCII signs', async () => {
  await expect(`${await recordTable(ROWS, { now: NOW, width: undefined, unicode: true })}\n`).toMatchFileSnapshot(
    './tables/list-pipe.txt',
  );
  expect(await recordTable(ROWS, { now: NOW, width: 80, unicode: false })).toMatch(/^~ k7f3q2/m);
});

test('a list has the requested columns in the requested order', async () => {
  const text = await recordTable(ROWS, { now: NOW, width: 80, unicode: true, columns: ['message', 'id'] });
  expect(text.split('\n')[0]).toMatch(/^MESSAGE +ID$/);
});
