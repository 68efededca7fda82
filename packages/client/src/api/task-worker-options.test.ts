import { expect, test } from 'vitest';
import { createMemoryStore } from '../store/memory-store.ts';
import { isJsonObject, type JsonObject } from '../task/json.ts';
import { createFakeClock, createScriptedConnection, type SentRequest } from '../testing/index.ts';
import { sampleRecord } from '../testing/sample-record.ts';
import { createTaskWorker } from './task-worker.ts';
import type { TaskWorkerOptions } from './task-worker-api.ts';

// Load lazy modules first: a fake clock does not wait for them.
await import('../connect/relay.ts');
await import('../protocol/jobs/dialects.ts');
await import('./job-drafts.ts');

const TRACEPARENT = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
const object = { type: 'object' };
const TOOLS = [
  { name: 'create_build', inputSchema: object },
  { name: 'get_build', inputSchema: object, annotations: { readOnlyHint: true } },
];
const BUILD = {
  start: { tool: 'create_build', id: '/number' },
  status: { tool: 'get_build', arguments: { number: '{id}' }, state: '/state', map: { completed: ['passed'] } },
  pollIntervalMs: 1_000,
} as const;
const json = (value: JsonObject): JsonObject => ({ content: [{ type: 'text', text: JSON.stringify(value) }] });

function world(options: Partial<TaskWorkerOptions>) {
  const clock = createFakeClock();
  const store = createMemoryStore({ clock });
  const sent: SentRequest[] = [];
  const capabilities = { extensions: { 'io.modelcontextprotocol/tasks': {} } };
  const connect: TaskWorkerOptions['connect'] = async () =>
    createScriptedConnection({ revision: '2026-07-28', capabilities }, (request) => {
      const { method, params } = request;
      sent.push(request);
      if (method === 'tools/list') return { tools: TOOLS };
      if (params.name === 'create_build') return json({ number: 7 });
      if (params.name === 'get_build') return json({ state: 'passed' });
      return { taskId: params.taskId ?? '', status: 'working', pollIntervalMs: 5_000, ttlMs: null };
    });
  const worker = createTaskWorker({ store, clock, owner: 'mona', connect, ...options });
  return { clock, store, sent, worker };
}

test('requests of a worker carry the trace context at the time of the claim', async () => {
  const { clock, store, sent, worker } = world({ trace: () => ({ traceparent: TRACEPARENT }) });
  await store.create(sampleRecord({ id: 'abcdef', taskId: 't1', pollIntervalMs: 5_000 }));
  await clock.advance(12_000);
  const polls = sent.filter(({ method }) => method === 'tasks/get');
  expect(polls.length).toBeGreaterThanOrEqual(2);
  const traced = polls.map(({ params: { _meta: meta } }) => (isJsonObject(meta) ? meta.traceparent : undefined));
  expect(new Set(traced)).toEqual(new Set([TRACEPARENT]));
  await worker.stop();
});

test("worker.client() starts jobs by the worker's mappings, and the worker drives them to their end", async () => {
  const { clock, sent, worker, store } = world({ jobs: { build: BUILD } });
  const { server } = sampleRecord({ id: 'any' });
  const client = worker.client(server);
  const task = await client.start({ name: 'build', arguments: { org: 'acme' } });
  await task.accepted();
  await clock.advance(5_000);
  expect(await store.read(task.id)).toMatchObject({ phase: 'settled', status: 'completed' });
  expect(sent.at(-1)?.params).toMatchObject({ name: 'get_build', arguments: { number: 7 } });
  await worker.stop();
});
