import type { TaskRecord } from '@mcp-tasks/client';
import { expect, test } from 'vitest';
import { NOW, settled, task } from '../live/state/play.ts';
import { demoIdentity } from '../targets/demo-target.ts';
import { endsWithServer, isKeptElsewhere, withServerStopped } from './work-of-children.ts';

const server = { fingerprint: 'files', label: 'files', target: { kind: 'command', command: 'npx', args: [] } } as const;
const child = task('a1', { server });

test.each<[string, boolean, TaskRecord]>([
  ['a task on a stdio server', true, child],
  ['a call on a stdio server', true, task('a1', { server, phase: 'intent', taskId: null })],
  [
    'a lost call on a stdio server',
    false,
    task('a1', { server, phase: 'intent', taskId: null, contact: { kind: 'lost', since: 1 } }),
  ],
  ['an ended task', false, settled('a1', { server })],
  ['a task over HTTP', false, task('a1')],
  ['a task of the demo', false, task('a1', { server: demoIdentity })],
  ['a call of the demo', true, task('a1', { server: demoIdentity, taskId: null })],
  ['a job', false, task('a1', { server, mapping: {} })],
  ['a job without an id', true, task('a1', { server, mapping: {}, taskId: null })],
  ['a job with endsWithServer', true, task('a1', { server, mapping: { endsWithServer: true } })],
])('%s ends with its server: %s', (_, ends, record) => {
  expect(endsWithServer(record)).toBe(ends);
});

test('a job counts as kept outside its server process, unless its mapping has endsWithServer', () => {
  expect(isKeptElsewhere(task('a1', { mapping: {} }))).toBe(true);
  expect(isKeptElsewhere(task('a1', { mapping: { endsWithServer: true } }))).toBe(false);
  expect(isKeptElsewhere(task('a1'))).toBe(false);
});

test('a stopped server marks its task silent and its call lost, and leaves other records unchanged', () => {
  const call = task('a1', { server, phase: 'intent', taskId: null });
  expect(withServerStopped(child, NOW)).toMatchObject({
    phase: 'open',
    status: 'unknown',
    contact: { kind: 'silent' },
  });
  expect(withServerStopped(call, NOW)).toMatchObject({ phase: 'intent', contact: { kind: 'lost', since: NOW } });
  const other = task('a1');
  expect(withServerStopped(other, NOW)).toBe(other);
});
