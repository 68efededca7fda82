import { RECORD_VERSION, type TaskRecord } from '@mcp-tasks/client';
import { createMemoryStore } from '@mcp-tasks/client/memory-store';
import { expect, test } from 'vitest';
import { recordDetail } from '../display/record-detail.ts';
import { summaryOf } from '../display/task-summary.ts';
import { asAbandoned } from './abandoned-calls.ts';

const CALL: TaskRecord = {
  version: RECORD_VERSION,
  id: 'k7f3q2',
  server: { fingerprint: 'one', label: 'builds', target: { kind: 'url', url: 'https://builds.example/mcp' } },
  revision: '2026-07-28',
  method: 'tools/call',
  tool: 'build',
  arguments: {},
  phase: 'intent',
  status: 'unknown',
  taskId: null,
  createdAt: 1_000,
  updatedAt: 1_000,
  observedAt: 1_000,
  inputRequests: {},
  ledger: {},
  history: [],
  outcome: null,
};

test('a call in flight shows "no answer yet"; once its process has died it shows "may have run"', async () => {
  const dead = new Set<string>();
  const store = createMemoryStore({ isOwnerDead: (owner) => dead.has(owner) });
  await store.renew('front');
  await store.create(CALL, 'front');
  const inFlight = await asAbandoned(CALL, store);
  expect(summaryOf(inFlight)).toEqual({ kind: 'working', word: 'called', message: 'no answer yet' });
  expect(recordDetail(inFlight, 2_000)).toContain('called, no answer yet');
  dead.add('front');
  const abandoned = await asAbandoned(CALL, store);
  expect(summaryOf(abandoned)).toEqual({ kind: 'unknown', word: 'unknown', message: 'may have run' });
  expect(recordDetail(abandoned, 2_000)).toContain('unknown: may have run');
});
