import { expect, test } from 'vitest';
import { sampleRecord } from '../testing/sample-record.ts';
import {
  assignsTaskId,
  dutyOf,
  formatCursor,
  identityOf,
  isMatching,
  isSuperseded,
  openKeyOf,
  parseCursor,
} from './record-rules.ts';

const record = sampleRecord({ id: 'a1', taskId: 't1' });
const ended = { ...record, phase: 'settled', status: 'completed' } as const;
const command = {
  fingerprint: 'files',
  label: 'files',
  target: { kind: 'command', command: 'npx', args: [] },
} as const;

test('the duty of an open task is drive, unless its call was lost; that of an undelivered end is deliver', () => {
  expect(dutyOf(record)).toBe('drive');
  expect(dutyOf({ ...record, contact: { kind: 'silent', since: 1 } })).toBe('drive');
  expect(dutyOf({ ...record, contact: { kind: 'lost', since: 1 } })).toBeUndefined();
  expect([ended, { ...ended, deliveredAt: 5 }, { ...ended, deliveredAt: null }].map(dutyOf)).toEqual([
    undefined,
    undefined,
    'deliver',
  ]);
});

test('a record that changed at the instant of a filter matches it', () => {
  expect(isMatching(record, { since: 1_000 })).toBe(true);
  expect(isMatching(record, { since: 1_001 })).toBe(false);
});

test('every label of a filter has to match', () => {
  const labelled = { ...record, labels: { team: 'blue', via: 'web' } };
  expect(isMatching(labelled, { labels: { team: 'blue' } })).toBe(true);
  expect(isMatching(labelled, { labels: { team: 'blue', via: 'cli' } })).toBe(false);
  expect(isMatching(record, { labels: { constructor: 'x' } })).toBe(false);
});

test('a later task with the same id ends an earlier one of its server', () => {
  const newer = { ...record, id: 'b2' };
  expect(isSuperseded(record, newer, 'mona', 'otto')).toBe(true);
  expect(isSuperseded(record, record, null)).toBe(false);
  expect(isSuperseded(ended, newer, null)).toBe(false);
  expect(isSuperseded(record, { ...newer, taskId: 't2' }, null)).toBe(false);
  expect(isSuperseded(record, { ...newer, server: { ...record.server, fingerprint: 'server-b' } }, null)).toBe(false);
});

test('a reused id of a command ends an earlier task that is free or of the same owner, not one of another', () => {
  const older = { ...record, server: command };
  const newer = { ...older, id: 'b2' };
  expect(isSuperseded(older, newer, null, 'otto')).toBe(true);
  expect(isSuperseded(older, newer, 'otto', 'otto')).toBe(true);
  expect(isSuperseded(older, newer, 'mona', 'otto')).toBe(false);
  expect(isSuperseded(older, { ...newer, server: { ...command, account: 'ada' } }, null, 'otto')).toBe(false);
});

test('a task is identified by server, protocol, account and id; a command gives no identity', () => {
  expect(identityOf(record)).toBe(identityOf({ ...record, id: 'b2' }));
  expect(identityOf({ ...record, revision: '2025-11-25' })).not.toBe(identityOf(record));
  const agent = { ...record, protocol: 'a2a' };
  expect(identityOf({ ...agent, revision: '0.3' })).toBe(identityOf(agent));
  expect([identityOf({ ...record, taskId: null }), identityOf({ ...record, server: command })]).toEqual([
    undefined,
    undefined,
  ]);
});

test('a write assigns the task id if the record had none before and stays open', () => {
  expect(assignsTaskId({ ...record, taskId: null }, record)).toBe(true);
  expect(assignsTaskId(record, record)).toBe(false);
  expect(assignsTaskId({ ...record, taskId: null }, ended)).toBe(false);
});

test('a key is in use while its call is open, per server and account', () => {
  const keyed = { ...record, key: 'deploy' };
  expect(openKeyOf(keyed)).toBe(openKeyOf({ ...keyed, id: 'b2', server: { ...record.server, account: '' } }));
  expect(openKeyOf({ ...keyed, server: { ...record.server, account: 'ada' } })).not.toBe(openKeyOf(keyed));
  expect([openKeyOf(record), openKeyOf({ ...ended, key: 'deploy' })]).toEqual([undefined, undefined]);
});

test('a cursor is read as it was written, and other text is refused', () => {
  for (const place of [
    { open: true, createdAt: 1_000, id: 'a1' },
    { open: false, createdAt: -2.5, id: 'x.y\nz' },
  ])
    expect(parseCursor(formatCursor(place))).toEqual(place);
  for (const text of ['', '2.1.a', '1.x.a', '1.1.'])
    expect(() => parseCursor(text)).toThrow('is not the cursor of a page');
});
