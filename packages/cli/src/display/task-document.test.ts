import { RECORD_VERSION, type TaskRecord } from '@mcp-tasks/client';
import { expect, test } from 'vitest';
import { recordDetail } from './record-detail.ts';
import { describeTask } from './task-document.ts';

const HOUR = 3_600_000;
const calledAt = Date.UTC(2026, 10, 23, 9);

/** Task that the server created three hours after the call, once its first question was answered. */
const late: TaskRecord = {
  version: RECORD_VERSION,
  id: 'k7f3q2',
  server: { fingerprint: 'demo', label: 'demo', target: { kind: 'url', url: 'http://localhost:4821/mcp' } },
  revision: '2026-07-28',
  method: 'tools/call',
  tool: 'deploy',
  arguments: {},
  phase: 'open',
  status: 'working',
  taskId: 'task-1',
  createdAt: calledAt,
  begunAt: calledAt + 3 * HOUR,
  updatedAt: calledAt + 3 * HOUR,
  observedAt: calledAt + 3 * HOUR,
  ttlMs: HOUR,
  inputRequests: {},
  ledger: {},
  history: [],
  outcome: null,
};

test('expiresAt counts from the creation of the task, not from the call of the tool', () => {
  expect(describeTask(late).expiresAt).toBe(new Date(calledAt + 4 * HOUR).toISOString());
});

test('the ttl on the page of a task ends at the same instant as in JSON', () => {
  expect(recordDetail(late, calledAt + 3 * HOUR)).toContain('about 1 h left of 1 h');
});

test('a ttl beyond the range of dates has no expiresAt', () => {
  expect(describeTask({ ...late, ttlMs: Number.MAX_SAFE_INTEGER }).expiresAt).toBe(null);
});
