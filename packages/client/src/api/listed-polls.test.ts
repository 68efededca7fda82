import { expect, test } from 'vitest';
import { createMemoryStore } from '../store/memory-store.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../task/json.ts';
import { acceptedCall } from '../testing/accepted-call.ts';
import { createFakeClock, createScriptedConnection, fail } from '../testing/index.ts';
import { createTaskClient } from './task-client.ts';
import '../worker/listed-polls.ts'; // load it first: a fake clock does not wait for it

const schema = { type: 'object', properties: { number: { type: 'integer' } } };
const readOnly = { annotations: { readOnlyHint: true } };
const LIST = { name: 'list_builds', inputSchema: schema };
const TOOLS = [
  { name: 'create_build', inputSchema: { type: 'object', properties: { branch: { type: 'string' } } } },
  { name: 'get_build', inputSchema: schema, ...readOnly },
];
const BUILD = {
  start: { tool: 'create_build', id: '/number' },
  status: {
    tool: 'get_build',
    arguments: { number: '{id}' },
    state: '/state',
    message: '/message',
    map: { working: ['running'], input_required: ['blocked'], completed: ['passed'] },
    missing: 'not found',
  },
  list: { tool: 'list_builds', items: '/builds', id: '/number', state: '/state' },
  pollIntervalMs: 10_000,
} as const;

interface Build {
  readonly number: number;
  state: string;
  message: string;
}

/** A build server, with `count` builds started and followed. */
async function world(count: number, { listTool = { ...LIST, ...readOnly } as JsonObject, job = BUILD as object } = {}) {
  let seed = 7;
  const random = (): number => {
    seed = (seed * 16_807) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  const clock = createFakeClock({ random });
  const builds: Build[] = [];
  const called = new Map<string, number>();
  const lists = { fails: false, listed: (build: Build): boolean => build.number > 0, earlier: [] as Build[] };
  const json = (value: JsonValue): JsonObject => ({ content: [{ type: 'text', text: JSON.stringify(value) }] });
  const asJson = (build: Build): JsonObject => ({ ...build });
  const connection = createScriptedConnection({ revision: '2026-07-28' }, ({ method, params }) => {
    if (method === 'tools/list') return { tools: [...TOOLS, listTool] };
    const name = String(params.name);
    called.set(name, (called.get(name) ?? 0) + 1);
    if (name === 'list_builds') {
      return lists.fails
        ? fail({ kind: 'transport', message: 'cut' })
        : json({ builds: [...builds.filter(lists.listed), ...lists.earlier].map(asJson) });
    }
    if (name === 'create_build') builds.push({ number: builds.length + 1, state: 'running', message: 'compiling' });
    const number = isJsonObject(params.arguments) ? params.arguments.number : undefined;
    const build = name === 'create_build' ? builds.at(-1) : builds.find((each) => each.number === number);
    return json(build === undefined ? {} : asJson(build));
  });
  const store = createMemoryStore();
  const client = createTaskClient({ connection, store, clock, owner: 'me:1:a', jobs: { build: job } as never });
  const tasks = [];
  for (let at = 0; at < count; at += 1) {
    const call = await acceptedCall(client, { name: 'build', arguments: { branch: `b${at}` } });
    if (call.kind === 'task') tasks.push(call.task);
  }
  /** How often each tool is called within this many ms. */
  async function callsIn(ms: number): Promise<Record<string, number>> {
    called.clear();
    for (let passed = 0; passed < ms; passed += 100) await clock.advance(100);
    return Object.fromEntries(called);
  }
  return { clock, client, builds, lists, tasks, callsIn };
}

test('twenty open jobs of one server are polled with one list request and no status request', async () => {
  const { client, tasks, callsIn } = await world(20);
  expect(tasks).toHaveLength(20);
  await callsIn(11_000);
  const calls = await callsIn(60_000);
  expect(calls.list_builds).toBeGreaterThanOrEqual(5);
  expect(calls).toEqual({ list_builds: expect.toSatisfy((count: number) => count <= 7) });
  await client.close();
});

test('a job that the list shows as ended is polled once alone; the result comes from its status', async () => {
  const { client, builds, tasks, callsIn } = await world(20);
  await callsIn(11_000);
  Object.assign(builds[2] as Build, { state: 'passed', message: 'all 312 tests' });
  const calls = await callsIn(25_000);
  expect(calls.get_build).toBe(1);
  expect(tasks[2]?.latest).toMatchObject({
    status: 'completed',
    outcome: { result: { content: [{ text: expect.stringContaining('312') }] } },
  });
  expect(tasks[3]?.latest).toMatchObject({ status: 'working' });
  await client.close();
});

test('a job with a question is polled alone until it is working again', async () => {
  const { client, builds, tasks, callsIn } = await world(20);
  await callsIn(11_000);
  Object.assign(builds[2] as Build, { state: 'blocked', message: 'Release?' });
  expect((await callsIn(45_000)).get_build).toBeGreaterThan(1);
  expect(tasks[2]?.latest).toMatchObject({ status: 'input_required', statusMessage: 'Release?' });
  Object.assign(builds[2] as Build, { state: 'running', message: 'on' });
  await callsIn(30_000);
  expect(await callsIn(40_000)).toEqual({ list_builds: expect.any(Number) });
  expect(tasks[2]?.latest).toMatchObject({ status: 'working', statusMessage: 'on' });
  await client.close();
});

test('a job missing from the list is polled alone; the other jobs are not', async () => {
  const { client, builds, lists, tasks, callsIn } = await world(20);
  lists.listed = ({ number }) => number !== 5;
  await callsIn(22_000);
  const { get_build: statuses = 0, list_builds: pages = 0 } = await callsIn(60_000);
  expect([statuses, pages]).toEqual([
    expect.toSatisfy((n: number) => n >= 5 && n <= 6),
    expect.toSatisfy((n: number) => n <= 7),
  ]);
  Object.assign(builds[4] as Build, { state: 'passed' });
  await callsIn(12_000);
  expect(tasks[4]?.latest).toMatchObject({ status: 'completed' });
  await client.close();
});

test('a job listed both as working and as ended is polled alone', async () => {
  const { client, builds, lists, tasks, callsIn } = await world(20);
  await callsIn(11_000);
  Object.assign(builds[2] as Build, { state: 'passed' });
  lists.earlier = [{ number: 3, state: 'running', message: 'first attempt' }];
  await callsIn(25_000);
  expect(tasks[2]?.latest).toMatchObject({ status: 'completed' });
  await client.close();
});

test('a list item in the shape of a status reply supplies the status message', async () => {
  const { client, builds, tasks, callsIn } = await world(6);
  await callsIn(11_000);
  Object.assign(builds[0] as Build, { message: 'linking' });
  expect(await callsIn(12_000)).not.toHaveProperty('get_build');
  expect(tasks[0]?.latest.statusMessage).toBe('linking');
  await client.close();
});

test('five jobs are each polled alone', async () => {
  const { client, callsIn } = await world(5);
  expect(await callsIn(30_000)).toEqual({ get_build: expect.any(Number) });
  await client.close();
});

test('after a failed list each job is polled alone for a minute', async () => {
  const { client, lists, tasks, callsIn } = await world(20);
  lists.fails = true;
  const calls = await callsIn(35_000);
  expect(calls.list_builds).toBe(1);
  expect(calls.get_build).toBeGreaterThanOrEqual(60);
  expect(tasks[7]?.latest).toMatchObject({ status: 'working' });
  lists.fails = false;
  await callsIn(45_000);
  expect(await callsIn(30_000)).toEqual({ list_builds: expect.any(Number) });
  await client.close();
});

test.each([
  ['whose tool may change something', { listTool: LIST as JsonObject }],
  ['that the mapping excludes from polling', { job: { ...BUILD, list: { ...BUILD.list, polls: false } } }],
  ['whose items have no state', { job: { ...BUILD, list: { ...BUILD.list, state: undefined } } }],
  [
    'of a mapping with conditions',
    { job: { ...BUILD, status: { ...BUILD.status, map: { ...BUILD.status.map, failed: [{ '/broken': true }] } } } },
  ],
])('a list %s is never requested for polling', async (_, options) => {
  const { client, callsIn } = await world(8, options);
  expect(await callsIn(22_000)).toEqual({ get_build: expect.any(Number) });
  await client.close();
});
