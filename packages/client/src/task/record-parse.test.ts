import { expect, test } from 'vitest';
import { sampleRecord } from '../testing/sample-record.ts';
import type { TaskRecord } from './record.ts';
import { parseRecord } from './record-parse.ts';

const record = sampleRecord({
  id: 'a1',
  key: 'deploy',
  labels: { constructor: 'x' },
  ledger: { approve: { state: 'open', digest: 'd' } },
  history: [{ at: 1, status: 'working' }],
});

const parsed = (value: unknown) => parseRecord(JSON.stringify(value));

test('a stored record is parsed unchanged', () => {
  expect(parsed(record)).toEqual({ kind: 'record', record });
});

test('fields that a newer version added are kept', () => {
  expect(parsed({ ...record, colour: 'green' })).toEqual({ kind: 'record', record: { ...record, colour: 'green' } });
});

test.each([
  ['a newer version', { version: 2 }, 'it has version 2; this one reads up to 1'],
  ['an unknown target', { server: { ...record.server, target: { kind: 'mesh' } } }, /"mesh"/],
  [
    'a target named as something every object has',
    { server: { ...record.server, target: { kind: 'toString' } } },
    /"toString"/,
  ],
  ['an unknown protocol', { protocol: 'mesh' }, /protocol "mesh" is unknown/],
  ['an unknown phase', { phase: 'paused' }, /"paused"/],
])('%s is reported as written by a newer version', (_, over, reason) => {
  expect(parsed({ ...record, ...over })).toEqual({ kind: 'newer', reason: expect.stringMatching(reason) });
});

const without = (name: keyof TaskRecord) => Object.fromEntries(Object.entries(record).filter(([key]) => key !== name));

const REQUIRED = [
  'version',
  'id',
  'server',
  'phase',
  'ledger',
  'history',
  'createdAt',
  'outcome',
  'arguments',
] as const;
const DAMAGED: readonly (readonly [string, string])[] = [
  ['text that is cut off', JSON.stringify(record).slice(0, 40)],
  ['a list', '[]'],
  ['null', 'null'],
  ['a ledger of texts', JSON.stringify({ ...record, ledger: { a: 'open' } })],
  ['a task id that is a number', JSON.stringify({ ...record, taskId: 7 })],
  ...REQUIRED.map((name) => [`a record without its ${name}`, JSON.stringify(without(name))] as const),
];

test.each(DAMAGED)('%s is reported as damaged', (_, text) => {
  expect(parseRecord(text)).toEqual({ kind: 'damaged', reason: expect.any(String) });
});
