import { afterEach, expect, test } from 'vitest';
import { parseChaos, type RunningDemo, serveDemoHttp } from '../../packages/cli/src/demo/index.ts';
import { connectSdkV1 } from './sdk-v1-client.ts';
import { eventually, send, until } from './support.ts';

let demo: RunningDemo | undefined;
afterEach(() => demo?.stop());

async function serve(settings: string): Promise<string> {
  const parsed = parseChaos(settings);
  if (!parsed.ok) throw new Error(parsed.message);
  demo = await serveDemoHttp({ speed: 0.05, chaos: parsed.chaos });
  return demo.url;
}

const hello = (url: string) => send(url, 'tools/call', { name: 'hello', arguments: {} });
const start = async (url: string, name: string, args: object = {}) =>
  (await send(url, 'tools/call', { name, arguments: args })).result?.taskId as string;

test('an invalid or unknown setting is an error that shows a valid one', () => {
  expect(parseChaos('latency=5,escapes')).toEqual({ ok: true, chaos: { latencyMs: 5, escapes: true } });
  expect(parseChaos('latency=soon')).toEqual({ ok: false, message: '"latency" needs a number, for example latency=5' });
  expect(parseChaos('panic')).toMatchObject({ ok: false, message: expect.stringContaining('there are latency, drop') });
});

test('every n-th request is throttled, with a Retry-After', async () => {
  const url = await serve('throttle=2,retry-after=7');
  expect((await hello(url)).status).toBe(200);
  const second = await hello(url);
  expect([second.status, second.headers.get('retry-after')]).toEqual([429, '7']);
  expect((await hello(url)).status).toBe(200);
});

test('every n-th request is answered 503, with a Retry-After', async () => {
  const url = await serve('unavailable=1');
  const answer = await hello(url);
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1']);
});

test.each([
  ['a dropped request has no effect', 'drop=4', 0],
  ['a request with a lost reply takes effect', 'lose=4', 1],
] as const)('%s', async (_title, setting, tasks) => {
  const url = await serve(setting);
  const official = await connectSdkV1(url); // initialize, initialized, and the stream for notifications
  await expect(official.start('report')).rejects.toThrow();
  expect((await official.client.experimental.tasks.listTasks()).tasks).toHaveLength(tasks);
  await official.close();
});

test('each reply is delayed by the latency', async () => {
  const url = await serve('latency=150');
  const before = performance.now();
  await hello(url);
  expect(performance.now() - before).toBeGreaterThanOrEqual(149);
});

test('an early expiry applies to every working task, or to one', async () => {
  const all = await serve('expire=200');
  const working = await start(all, 'batch', { items: 600 });
  await eventually(async () => (await send(all, 'tasks/get', { taskId: working })).error?.code).toBe(-32602);
  await demo?.stop();

  const url = await serve('');
  const [one, other] = [
    await start(url, 'mischief', { seconds: 600, expireAfterMs: 200 }),
    await start(url, 'batch', { items: 600 }),
  ];
  await eventually(async () => (await send(url, 'tasks/get', { taskId: one })).error?.code).toBe(-32602);
  expect((await send(url, 'tasks/get', { taskId: other })).result?.status).toBe('working');
});

test('poll hints are sent as configured, in both revisions', async () => {
  const url = await serve('poll="500"');
  const { result } = await send(url, 'tools/call', { name: 'report', arguments: {} });
  expect(result?.pollIntervalMs).toBe('500');
  const odd = await send(url, 'tools/call', { name: 'mischief', arguments: { pollHint: -5 } });
  expect(odd.result?.pollIntervalMs).toBe(-5);
  const official = await connectSdkV1(url);
  await expect(official.start('report')).rejects.toThrow(/pollInterval/);
  await official.close();
});

test('an acknowledged answer takes effect late, and its question is listed until then', async () => {
  const url = await serve('slow-ack=3000');
  const taskId = await start(url, 'release');
  await until(url, taskId, 'input_required');
  await send(url, 'tasks/update', { taskId, inputResponses: { approval: { action: 'decline' } } });
  const { result } = await send(url, 'tasks/get', { taskId });
  expect(Object.keys(result?.inputRequests as object)).toEqual(['approval']);
  expect((await until(url, taskId, 'completed')).status).toBe('completed');
});

test('with reuseKey, a task reuses the key of an answered question for another question', async () => {
  const url = await serve('');
  const taskId = await start(url, 'mischief', { reuseKey: true, seconds: 0 });
  const question = async () => {
    const task = await until(url, taskId, 'input_required');
    return (task.inputRequests as { trick: { params: { message: string } } }).trick.params.message;
  };
  expect(await question()).toBe('Is this fine?');
  await send(url, 'tasks/update', { taskId, inputResponses: { trick: { action: 'accept', content: { fine: true } } } });
  expect(await question()).toBe('Delete everything?');
});

test('with the setting escapes, messages and questions carry escape sequences', async () => {
  const url = await serve('escapes');
  const { result } = await send(url, 'tools/call', { name: 'report', arguments: {} });
  expect(result?.statusMessage).toContain('\u001b[31;5m');
  const trick = await until(
    url,
    await start(url, 'mischief', { escapes: true, ask: true, seconds: 0 }),
    'input_required',
  );
  expect(JSON.stringify(trick.inputRequests)).toContain('\\u001b]8;;https://evil.example');
});

test('chaos can be limited to one task', async () => {
  const url = await serve('');
  const taskId = await start(url, 'mischief', { seconds: 600, chaos: 'throttle=2' });
  const statuses: number[] = [];
  for (let count = 0; count < 4; count += 1) statuses.push((await send(url, 'tasks/get', { taskId })).status);
  expect(statuses).toEqual([200, 429, 200, 429]);
  expect((await hello(url)).status).toBe(200);
});
