import type { Attributes, Meter, Tracer } from '@opentelemetry/api';
import { expect, test } from 'vitest';
import { createMemoryStore } from '../store/memory-store.ts';
import { createScriptedConnection } from '../testing/index.ts';
import { sampleRecord } from '../testing/sample-record.ts';
import { storeChecks } from '../testing/store-conformance.ts';
import { observeConnection, observeStore } from './index.ts';

type Callback = (result: { observe(value: number, attributes?: Attributes): void }) => unknown;

/** A meter that records measurements by instrument. */
function createMeter() {
  const values = new Map<string, { readonly value: number; readonly attributes: Attributes | undefined }[]>();
  const callbacks = new Map<string, Set<Callback>>();
  const keep = (name: string) => (value: number, attributes?: Attributes) => {
    values.set(name, [...(values.get(name) ?? []), { value, attributes }]);
  };
  const meter = {
    createHistogram: (name: string) => ({ record: keep(name) }),
    createCounter: (name: string) => ({ add: keep(name) }),
    createObservableGauge: (name: string) => ({
      addCallback: (callback: Callback) => void callbacks.set(name, (callbacks.get(name) ?? new Set()).add(callback)),
      removeCallback: (callback: Callback) => void callbacks.get(name)?.delete(callback),
    }),
  } as unknown as Meter;
  async function collect(name: string): Promise<readonly number[]> {
    const found: number[] = [];
    for (const callback of callbacks.get(name) ?? []) await callback({ observe: (value) => void found.push(value) });
    return found;
  }
  const sum = (name: string): number => (values.get(name) ?? []).reduce((all, { value }) => all + value, 0);
  return { meter, values, sum, collect };
}

for (const { title, run } of storeChecks) {
  test(`measured, ${title}`, () => {
    let instant = 1_700_000_000_000;
    const store = observeStore(createMemoryStore({ clock: { now: () => instant } }), { meter: createMeter().meter });
    return run(() => ({
      open: () => store,
      passTime(ms) {
        instant += ms;
      },
    }));
  });
}

test('a measured store counts claims, takeovers and held leases, and times each method', async () => {
  const { meter, sum, values, collect } = createMeter();
  const store = observeStore(createMemoryStore(), { meter });
  for (const id of ['a1', 'a2']) await store.create(sampleRecord({ id }));
  await store.renew('mona');
  const claims = await store.claim({ owner: 'mona', limit: 9 });
  expect([sum('mcp_tasks.claims'), sum('mcp_tasks.takeovers')]).toEqual([2, 0]);
  await store.release(claims.slice(0, 1).map(({ lease }) => lease));
  expect(await collect('mcp_tasks.held')).toEqual([1]);
  await store.claim({ owner: 'mona', limit: 9 });
  expect([sum('mcp_tasks.claims'), sum('mcp_tasks.takeovers')]).toEqual([3, 1]);
  await store.renew('mona');
  expect(values.get('mcp_tasks.lease.margin')?.[0]?.value).toBeGreaterThan(9_000);
  expect(values.get('mcp_tasks.store.duration')?.map(({ attributes }) => attributes?.method)).toContain('create');
  await expect(store.create(sampleRecord({ id: 'a1' }))).rejects.toThrow();
  expect(values.get('mcp_tasks.store.duration')?.at(-1)?.attributes).toEqual({
    method: 'create',
    error: 'ambiguous-id',
  });
});

test('a measured store reports the number of open tasks at its last heartbeat', async () => {
  const { meter, collect } = createMeter();
  const store = observeStore(createMemoryStore(), { meter });
  for (const id of ['a1', 'a2']) await store.create(sampleRecord({ id, taskId: id }));
  await store.create(sampleRecord({ id: 'a3', phase: 'settled' }));
  expect(await collect('mcp_tasks.open')).toEqual([]);
  await store.renew('mona');
  expect(await collect('mcp_tasks.open')).toEqual([2]);
});

test('a measured store reports the number of open questions and the age of the oldest, until it closes', async () => {
  const { meter, collect } = createMeter();
  const store = observeStore(createMemoryStore(), { meter });
  const inputRequests = { approve: { method: 'elicitation/create', params: {} } };
  const ledger = { approve: { state: 'open', digest: 'd' } } as const;
  const history = [{ at: Date.now() - 60_000, status: 'input_required' }] as const;
  expect(await collect('mcp_tasks.questions.oldest')).toEqual([0]);
  await store.create(sampleRecord({ id: 'a1', inputRequests, ledger, history }));
  expect(await collect('mcp_tasks.questions')).toEqual([1]);
  expect((await collect('mcp_tasks.questions.oldest'))[0]).toBeGreaterThanOrEqual(60_000);
  await store.close();
  expect(await collect('mcp_tasks.questions')).toEqual([]);
});

test('a measured connection records a span and a duration for each request, and the lag of each poll', async () => {
  const { meter, values } = createMeter();
  const spans: string[] = [];
  const tracer = {
    startActiveSpan: (name: string, _: unknown, work: (span: unknown) => unknown) =>
      work({ setStatus: () => spans.push(`${name} failed`), end: () => spans.push(name) }),
  } as unknown as Tracer;
  const scripted = createScriptedConnection({ revision: '2026-07-28' }, ({ method }) => {
    if (method === 'tasks/cancel') throw new Error('no');
    return { taskId: 't', status: 'working', pollIntervalMs: 0 };
  });
  const connection = observeConnection(scripted, { meter, tracer });
  expect(connection.identity).toEqual(scripted.identity);
  await connection.request('tasks/get', { taskId: 't' });
  expect(values.get('mcp_tasks.poll.lag')).toBeUndefined();
  await connection.request('tasks/get', { taskId: 't' });
  expect(values.get('mcp_tasks.poll.lag')).toHaveLength(1);
  await expect(connection.request('tasks/cancel', { taskId: 't' })).rejects.toThrow('no');
  expect(spans).toEqual(['tasks/get', 'tasks/get', 'tasks/cancel failed', 'tasks/cancel']);
  expect(values.get('mcp_tasks.request.duration')).toHaveLength(3);
});
