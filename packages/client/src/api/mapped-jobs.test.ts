import { expect, test, vi } from 'vitest';
import { verifies } from '../../../../test/faults/scenarios.ts';
import { createMemoryStore } from '../store/memory-store.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../task/json.ts';
import { acceptedCall } from '../testing/accepted-call.ts';
import { createFakeClock, createScriptedConnection, fail, type SentRequest } from '../testing/index.ts';
import { createTaskClient } from './task-client.ts';

// Loaded with the first answer: a fake clock does not wait for it.
await import('./answer-question.ts');

const object = (properties: JsonObject): JsonObject => ({ type: 'object', properties });
const text = { type: 'string' };
const readOnly = { annotations: { readOnlyHint: true } };
const TOOLS = [
  { name: 'create_build', inputSchema: object({ org: text, commit: text }) },
  { name: 'get_build', inputSchema: object({ org: text, build_number: text }), ...readOnly },
  { name: 'list_builds', inputSchema: object({}) },
  { name: 'comment', inputSchema: object({ build: { type: 'integer' }, body: text }) },
  { name: 'cancel_build', inputSchema: object({ build: { type: 'integer' } }) },
];
const BUILD = {
  start: { tool: 'create_build', id: '/number' },
  status: {
    tool: 'get_build',
    arguments: { org: '{args.org}', build_number: '{id}' },
    state: '/state',
    message: '/message',
    map: { working: ['running'], input_required: ['blocked'], completed: ['passed'], cancelled: ['canceled'] },
    missing: 'not found',
  },
  answer: { tool: 'comment', arguments: { build: '{id}', body: '{answer}' } },
  cancel: { tool: 'cancel_build', arguments: { build: '{id}' } },
  list: {
    tool: 'list_builds',
    items: '/builds',
    id: '/number',
    state: '/state',
    title: '/title',
    args: { org: '/org' },
  },
  pollIntervalMs: 1_000,
} as const;

const json = (value: JsonValue): JsonObject => ({ content: [{ type: 'text', text: JSON.stringify(value) }] });

/** A server whose tools are given by name; `tools/list` is built in. */
function world(
  answers: Record<string, (args: JsonObject, count: number) => JsonValue>,
  jobs: object = { build: BUILD },
) {
  const clock = createFakeClock();
  const store = createMemoryStore();
  const called: SentRequest['params'][] = [];
  const connection = createScriptedConnection({ revision: '2026-07-28' }, ({ method, params }) => {
    if (method === 'tools/list') return { tools: TOOLS };
    called.push(params);
    const { name, arguments: args } = params;
    const count = called.filter((each) => each.name === name).length;
    return answers[String(name)]?.(isJsonObject(args) ? args : {}, count) ?? json({});
  });
  const clientOf = (owner = 'me:1:a') => createTaskClient({ connection, store, clock, owner, jobs: jobs as never });
  const countOf = (name: string): number => called.filter((each) => each.name === name).length;
  return { clock, store, called, countOf, clientOf, client: clientOf() };
}

async function begin(client: ReturnType<typeof createTaskClient>) {
  const call = await acceptedCall(client, { name: 'build', arguments: { org: 'acme', commit: 'HEAD' } });
  if (call.kind !== 'task') throw new Error('expected a task');
  return call.task;
}

test(
  verifies('J1', 'a job call becomes a task, polled at the mapped interval with typed arguments, and keeps its result'),
  async () => {
    const { client, clock, called, countOf } = world({
      create_build: () => json({ number: 3 }),
      get_build: (_, count) => json({ state: count < 2 ? 'running' : 'passed', message: 'x' }),
    });
    const task = await begin(client);
    expect(task.latest).toMatchObject({
      protocol: 'jobs',
      tool: 'build',
      taskId: '["build","3",{"org":"acme"}]',
      status: 'working',
      mapping: { pollIntervalMs: 1_000 },
    });
    const outcome = task.outcome();
    await clock.advance(999);
    expect(countOf('get_build')).toBe(0);
    await clock.advance(1);
    expect(called.at(-1)).toEqual({ name: 'get_build', arguments: { org: 'acme', build_number: '3' } });
    await clock.advance(1_000);
    expect(await outcome).toMatchObject({ status: 'completed', result: json({ state: 'passed', message: 'x' }) });
    await client.close();
    expect(clock.pending).toBe(0);
  },
);

test(
  verifies('J1', 'a job is followed by the mapping on its record, even if the configuration lost that mapping'),
  async () => {
    const { client, clock, clientOf, store } = world({
      create_build: () => json({ number: 3 }),
      get_build: () => json({ state: 'passed' }),
    });
    const { id } = await begin(client);
    await client.close();
    const later = createTaskClient({ ...{ connection: clientOf('me:2:b').connection, store, clock, owner: 'me:3:c' } });
    const task = await later.get(id).follow();
    const outcome = task.outcome();
    await clock.advance(1_000);
    expect(await outcome).toMatchObject({ status: 'completed' });
  },
);

test(verifies('J1', 'a job start whose reply was lost is not repeated, since it may have run'), async () => {
  const { client, countOf, store } = world({ create_build: () => fail({ kind: 'transport', message: 'cut' }) });
  await expect(begin(client)).rejects.toMatchObject({ code: 'connection-lost' });
  await client.close();
  const [record] = (await store.list()).records;
  expect(record).toMatchObject({ protocol: 'jobs', phase: 'intent', taskId: null, contact: { kind: 'lost' } });
  expect(countOf('create_build')).toBe(1);
});

test(
  verifies('J2', 'an answer whose reply was lost is not resent; if its question stays open, the person is asked again'),
  async () => {
    const { client, clock, countOf } = world({
      create_build: () => json({ number: 3 }),
      get_build: () => json({ state: 'blocked', message: 'Release?' }),
      comment: () => fail({ kind: 'transport', message: 'cut' }),
    });
    const task = await begin(client);
    await clock.advance(1_000);
    const [key = ''] = Object.keys(task.latest.inputRequests);
    const answering = (await task.question(key)).answer({ action: 'accept', content: { text: 'yes' } });
    const message = expect.stringContaining('may be lost') as string;
    const refused = expect(answering).rejects.toMatchObject({ code: 'answer-invalid', message });
    await vi.waitFor(() => expect(countOf('comment')).toBe(1));
    await clock.advance(10_000);
    await refused;
    expect(countOf('comment')).toBe(1);
    expect(task.latest).toMatchObject({ status: 'input_required', ledger: { [key]: { state: 'open' } } });
    await client.close();
  },
);

test(verifies('J2', 'an answer sent by a killed process is not resent by the next process'), async () => {
  const { client, clock, countOf, store, clientOf } = world({
    create_build: () => json({ number: 3 }),
    get_build: () => json({ state: 'blocked', message: 'Release?' }),
  });
  const task = await begin(client);
  await clock.advance(1_000);
  const [key = ''] = Object.keys(task.latest.inputRequests);
  const { id } = task;
  await client.close();
  await store.update(id, (record) => {
    const { digest = '' } = record.ledger[key] ?? {};
    const response = { action: 'accept', content: { text: 'yes' } };
    const entry = { state: 'answering', digest, response, since: clock.now(), sentAt: clock.now() } as const;
    return { ...record, ledger: { [key]: entry } };
  });
  const next = clientOf('me:2:b');
  const again = await next.get(id).follow();
  await clock.advance(20_000);
  expect(countOf('comment')).toBe(0);
  expect(again.latest.ledger[key]).toMatchObject({ state: 'open' });
  await next.close();
});

test('a question without a decline action refuses a decline and records nothing', async () => {
  const { client, clock } = world({
    create_build: () => json({ number: 3 }),
    get_build: () => json({ state: 'blocked', message: 'Release?' }),
  });
  const task = await begin(client);
  await clock.advance(1_000);
  const [key = ''] = Object.keys(task.latest.inputRequests);
  const declining = (await task.question(key)).answer({ action: 'decline' });
  await expect(declining).rejects.toMatchObject({ code: 'unsupported' });
  expect(task.latest.ledger[key]).toMatchObject({ state: 'open' });
  await client.close();
});

test('a job without a cancel tool refuses a cancel and records nothing', async () => {
  const { cancel: _, ...without } = BUILD;
  const { client } = world({ create_build: () => json({ number: 3 }) }, { build: without });
  const task = await begin(client);
  await expect(task.cancel()).rejects.toMatchObject({ code: 'unsupported' });
  expect(task.latest.cancelRequestedAt).toBeUndefined();
  await client.close();
});

test('a job that no longer exists on its server is expired', async () => {
  const gone = { content: [{ type: 'text', text: 'build not found' }], isError: true };
  const { client, clock } = world({ create_build: () => json({ number: 3 }), get_build: () => gone });
  const outcome = (await begin(client)).outcome();
  await clock.advance(1_000);
  expect(await outcome).toMatchObject({ status: 'expired', error: { message: 'get_build: build not found' } });
  await client.close();
});

test(verifies('J1', 'a job that was started elsewhere is followed by its id, like one started here'), async () => {
  const { client, clock, called, store } = world({ get_build: () => json({ state: 'running' }) });
  const task = await client.follow({ job: 'build', id: 3, arguments: { org: 'acme' } });
  await clock.advance(1);
  expect(called.at(-1)).toEqual({ name: 'get_build', arguments: { org: 'acme', build_number: '3' } });
  expect(task.latest).toMatchObject({ taskId: '["build","3",{"org":"acme"}]', status: 'working', phase: 'open' });
  const same = await client.follow({ job: 'build', id: '3', arguments: { org: 'acme' } });
  expect(same.id).toBe(task.id);
  const other = await client.follow({ job: 'build', id: '3', arguments: { org: 'other' } });
  expect(other.id).not.toBe(task.id);
  expect((await store.list()).records).toHaveLength(2);
  await client.close();
});

test('listed jobs without a record can be adopted, except ended ones', async () => {
  const builds = [
    { number: 4, state: 'running', title: 'Four', org: 'acme' },
    { number: 5, state: 'passed', title: 'Five', org: 'acme' },
  ];
  const { client, clock } = world({
    list_builds: () => json({ builds }),
    get_build: () => json({ state: 'passed' }),
  });
  const listed = await client.listUnrecorded();
  expect(listed).toMatchObject([{ taskId: '["build","4",{"org":"acme"}]', statusMessage: 'Four', tool: 'build' }]);
  const task = await client.adopt({ taskId: listed[0]?.taskId ?? '' });
  const outcome = task.outcome();
  await clock.advance(1_000);
  expect(await outcome).toMatchObject({ status: 'completed' });
  expect(await client.listUnrecorded()).toEqual([]);
  await client.close();
});

test('a job is listed as a tool with the arguments of its start, and hides a tool of the same name', async () => {
  const { client } = world({}, { create_build: BUILD });
  const tools = await client.listTools();
  expect(tools.filter(({ name }) => name === 'create_build')).toMatchObject([
    { taskSupport: 'required', inputSchema: object({ org: text, commit: text }) },
  ]);
  await client.close();
});

test('a mapping that does not match the tools of the server is refused before anything is sent', async () => {
  const status = { ...BUILD.status, tool: 'get_job' };
  const { client, called, store } = world({}, { build: { ...BUILD, status } });
  await expect(begin(client)).rejects.toMatchObject({
    code: 'call-invalid',
    message: 'The mapping of build does not fit the server: status: the server has no tool get_job',
  });
  expect(called).toEqual([]);
  expect((await store.list()).records).toEqual([]);
  await client.close();
});

test('a start reply without a job id is delivered as a plain result, and the record has a warning', async () => {
  const { client, store } = world({ create_build: () => json({ ok: true }) });
  const call = await acceptedCall(client, { name: 'build', arguments: { org: 'acme' } });
  expect(call).toMatchObject({ kind: 'complete', result: json({ ok: true }) });
  expect((await store.list()).records[0]?.trouble).toContain('create_build returned no id at /number');
  await client.close();
});
