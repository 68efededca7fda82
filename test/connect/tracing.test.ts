import { AsyncLocalStorage } from 'node:async_hooks';
import { type Connection, createTaskClient, type JsonObject, type TraceContext } from '@mcp-tasks/client';
import { connect } from '@mcp-tasks/client/connect';
import { createMemoryStore } from '@mcp-tasks/client/memory-store';
import { fromSdkV1 } from '@mcp-tasks/client/sdk-v1';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { expect, onTestFinished, test } from 'vitest';
import { serveDemoHttp } from '../../packages/cli/src/demo/index.ts';
import { acceptedCall } from '../../packages/client/src/testing/accepted-call.ts';
import { answerNow } from '../../packages/client/src/testing/answer-now.ts';
import { type Act, serveFaulty } from '../faults/faulty-server.ts';
import { type RecordedRequest, serveRecordingProxy } from './recording-proxy.ts';

const first = { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', tracestate: 'vendor=a' };
const second = { traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' };

const none = { traceparent: null, tracestate: null };

/** Carries the trace context as OpenTelemetry does. */
const active = new AsyncLocalStorage<TraceContext>();

async function served(revision: '2026-07-28' | '2025-11-25') {
  const demo = await serveDemoHttp({ speed: 0.1, revision });
  onTestFinished(() => demo.stop());
  return serveRecordingProxy(demo.url);
}

async function fromHost(url: string): Promise<Connection> {
  const client = new Client({ name: 'host', version: '1' });
  await client.connect(new StreamableHTTPClientTransport(new URL(url)));
  onTestFinished(() => client.close());
  return fromSdkV1(client);
}

function open(connection: Connection, trace = () => active.getStore()) {
  const tasks = createTaskClient({ connection, store: createMemoryStore(), trace });
  onTestFinished(() => tasks.close());
  return tasks;
}

async function begin(tasks: ReturnType<typeof createTaskClient>, items: number) {
  const call = await acceptedCall(tasks, { name: 'batch', arguments: { items } });
  if (call.kind !== 'task') throw new Error('No task');
  return call.task;
}

/** Traces of the requests with this method, by their subject. */
function tracesOf(
  seen: readonly Pick<RecordedRequest, 'rpc' | 'params'>[],
  method: string,
  about: (params: JsonObject) => unknown,
): JsonObject {
  const found = seen.filter(({ rpc }) => rpc === method);
  expect(found.length).toBeGreaterThan(0);
  const pairs = found.map(({ params }) => {
    const { traceparent = null, tracestate = null } = (params._meta ?? {}) as JsonObject;
    return [String(about(params)), { traceparent, tracestate }] as const;
  });
  for (const [name, trace] of pairs) expect([name, trace]).toEqual([name, Object.fromEntries(pairs)[name]]);
  return Object.fromEntries(pairs);
}

test.each([
  ['2026-07-28', (url: string) => connect({ kind: 'url', url })],
  ['2025-11-25', (url: string) => connect({ kind: 'url', url })],
  ['2025-11-25', fromHost],
] as const)(
  'under %s a call and later requests about its task belong to the trace of the caller',
  async (revision, from) => {
    const { url, seen } = await served(revision);
    const tasks = open(await from(url));
    const one = await active.run(first, () => begin(tasks, 301));
    const two = await active.run(second, () => begin(tasks, 302));
    const three = await begin(tasks, 303);
    for (const task of [three, two, one]) await task.cancel();
    expect(tracesOf(seen, 'tools/call', ({ arguments: args }) => (args as JsonObject).items)).toEqual({
      301: first,
      302: { ...none, ...second },
      303: none,
    });
    const expected = {
      [one.latest.taskId ?? '']: first,
      [two.latest.taskId ?? '']: { ...none, ...second },
      [three.latest.taskId ?? '']: none,
    };
    expect(tracesOf(seen, 'tasks/cancel', ({ taskId }) => taskId)).toEqual(expected);
  },
);

const question = { method: 'elicitation/create', params: { mode: 'form', message: 'Go?' } };

test.each(['2026-07-28', '2025-11-25'] as const)(
  'under %s the polls, answers and result fetch of a task belong to the trace of its call',
  async (revision) => {
    const isNewer = revision === '2026-07-28';
    const answered = new Set<unknown>();
    const server = await serveFaulty(
      ({ method, params }): Act | undefined => {
        const { taskId = (params.arguments as JsonObject | undefined)?.name } = params;
        const task = {
          taskId,
          status: 'working',
          ttl: null,
          ttlMs: null,
          pollInterval: 250,
          pollIntervalMs: 250,
        } as JsonObject;
        if (method === 'tools/call') return { result: isNewer ? { resultType: 'task', ...task } : { task } };
        if (method === 'tasks/update') answered.add(taskId);
        if (method === 'tasks/update') return { result: { resultType: 'complete' } };
        if (method === 'tasks/result') return { result: { content: [] } };
        if (method !== 'tasks/get') return undefined;
        const asks = isNewer && !answered.has(taskId);
        const end = asks ? { status: 'input_required', inputRequests: { go: question } } : { status: 'completed' };
        return { result: { resultType: 'complete', ...task, ...end, result: { content: [] } } };
      },
      { revision },
    );
    const tasks = open(await connect({ kind: 'url', url: server.url }));
    for (const [name, trace] of [
      ['one', first],
      ['two', second],
      ['none', {}],
    ] as const) {
      const call = await active.run(trace, () => acceptedCall(tasks, { name: 'deploy', arguments: { name } }));
      if (call.kind !== 'task') throw new Error('No task');
      for await (const update of call.task.updates()) {
        // The answer runs in a trace of its own.
        if (update.kind === 'question')
          void active.run(second, () => answerNow(call.task, 'go', { action: 'decline' }));
      }
    }
    for (const method of ['tasks/get', isNewer ? 'tasks/update' : 'tasks/result']) {
      const seen = server.requests.map(({ method: rpc, params }) => ({ rpc, params }));
      expect([method, tracesOf(seen, method, ({ taskId }) => taskId)]).toEqual([
        method,
        { one: first, two: { ...none, ...second }, none },
      ]);
    }
  },
);

test.each(['2026-07-28', '2025-11-25'] as const)(
  'under %s no trace is sent without a trace function or outside a trace',
  async (revision) => {
    const { url, seen } = await served(revision);
    for (const trace of [undefined, () => undefined]) {
      const connection = await connect({ kind: 'url', url });
      const tasks = createTaskClient({
        connection,
        store: createMemoryStore(),
        ...(trace === undefined ? {} : { trace }),
      });
      onTestFinished(() => tasks.close());
      await tasks.listTools();
      expect(await (await begin(tasks, 2)).outcome()).toMatchObject({ status: 'completed' });
    }
    expect(seen.filter(({ rpc }) => rpc === 'tools/call')).toHaveLength(2);
    expect(JSON.stringify(seen.map(({ params, headers }) => [params, headers]))).not.toMatch(/trace(parent|state)/);
  },
);

test.each([
  ['is malformed', () => ({ traceparent: 'not-a-trace' })],
  ['is all zeros', () => ({ traceparent: `00-${'0'.repeat(32)}-b7ad6b7169203331-01` })],
  ['has only a state', () => ({ tracestate: 'vendor=a' })],
  [
    'cannot be read',
    () => {
      throw new Error('No context');
    },
  ],
])('a trace context that %s is omitted, and the call continues', async (_, trace: () => TraceContext) => {
  const { url, seen } = await served('2026-07-28');
  const tasks = open(await connect({ kind: 'url', url }), trace);
  await (await begin(tasks, 1)).outcome();
  expect(Object.keys((seen.find(({ rpc }) => rpc === 'tools/call')?.params._meta ?? {}) as object)).not.toContain(
    'traceparent',
  );
});
