import type { TaskRecord } from '@mcp-tasks/client';
import { expect, test } from 'vitest';
import { NOW, settled, task } from '../live/state/play.ts';
import { demoIdentity } from '../targets/demo-target.ts';
import { endsWithServer, isKeptElsewhere, withServerStopped } from './work-of-children.ts';

const server = { fingerprint: 'files', label: 'files', target: { kind: 'command', command: 'npx', args: [] } } as const;
const child = task('a1', { server });

test.each<[string, TaskRecord, boolean]>([
  ['a task of a child', child, true],
  ['a call of a child', task('a1', { server, phase: 'intent', taskId: null }), true],
  [
    'a call that was lost',
    task('a1', { server, phase: 'intent', taskId: null, contact: { kind: 'lost', since: 1 } }),
    false,
  ],
  ['an ended task', settled('a1', { server }), false],
  ['a task over HTTP', task('a1'), false],
  ['a task of the demo', task('a1', { server: demoIdentity }), false],
  ['a call of the demo', task('a1', { server: demoIdentity, taskId: null }), true],
  ['a job', task('a1', { server, mapping: {} }), false],
  ['a job without an id', task('a1', { server, mapping: {}, taskId: null }), true],
  ['a job that lives in its server', task('a1', { server, mapping: { endsWithServer: true } }), true],
])('whether %s ends with its server', (_, record, ends) => {
  expect(endsWithServer(record)).toBe(ends);
});

test('a job is kept elsewhere, unless its mapping says that it ends with its server', () => {
  expect(isKeptElsewhere(task('a1', { mapping: {} }))).toBe(true);
  expect(isKeptElsewhere(task('a1', { mapping: { endsWithServer: true } }))).toBe(false);
  expect(isKeptElsewhere(task('a1'))).toBe(false);
});

test('a stopped server leaves a task silent, a call lost, and other records as they are', () => {
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
