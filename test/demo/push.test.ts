import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningDemo, serveDemoHttp } from '../../packages/cli/src/demo/index.ts';
import { EVERYTHING, envelope, eventually, freshDirectory, send, until } from './support.ts';

const SUBSCRIPTION = 'io.modelcontextprotocol/subscriptionId';

interface Pushed {
  readonly method?: string;
  readonly id?: unknown;
  readonly params?: { readonly taskId?: string; readonly status?: string; readonly _meta?: Record<string, unknown> };
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly code: number };
}

let demo: RunningDemo;
beforeAll(async () => {
  demo = await serveDemoHttp({ speed: 0.05, storeDirectory: freshDirectory() });
});
afterAll(() => demo.stop());

async function start(name: string, args: object = {}): Promise<string> {
  return (await send(demo.url, 'tools/call', { name, arguments: args })).result?.taskId as string;
}

function listen(taskIds: readonly string[], capabilities: object = EVERYTHING, url = demo.url) {
  const leaving = new AbortController();
  const messages: Pushed[] = [];
  const done = (async () => {
    const response = await fetch(url, {
      method: 'POST',
      signal: leaving.signal,
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        'mcp-protocol-version': '2026-07-28',
        'mcp-method': 'subscriptions/listen',
      },
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: 'listen-1',
        method: 'subscriptions/listen',
        params: { notifications: { taskIds }, _meta: envelope(capabilities) },
      }),
    });
    if (response.headers.get('content-type') === 'application/json')
      return messages.push((await response.json()) as Pushed);
    let text = '';
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      const frames = text.split('\n\n');
      text = frames.pop() ?? '';
      for (const frame of frames) {
        const data = frame.split('\n').find((line) => line.startsWith('data: '));
        if (data !== undefined) messages.push(JSON.parse(data.slice(6)));
      }
    }
  })().catch(() => {});
  return { messages, done, leave: () => leaving.abort() };
}

test('a subscription is acknowledged first, with the ids it honours', async () => {
  const taskId = await start('release');
  const { messages, leave, done } = listen([taskId, 'nothing']);
  await eventually(() => messages.length).toBeGreaterThan(0);
  expect(messages[0]).toEqual({
    jsonrpc: '2.0',
    method: 'notifications/subscriptions/acknowledged',
    params: { notifications: { taskIds: [taskId] }, _meta: { [SUBSCRIPTION]: 'listen-1' } },
  });
  leave();
  await done;
});

test('every change is pushed as the whole tagged task, and the stream ends with the last task', async () => {
  const [report, release] = [await start('report'), await start('release')];
  const { messages, done } = listen([report, release]);
  await until(demo.url, release, 'input_required');
  await eventually(() => messages.some(({ params }) => params?.status === 'input_required')).toBe(true);
  expect(messages.find(({ params }) => params?.status === 'input_required')?.params).toMatchObject({
    taskId: release,
    inputRequests: { approval: { method: 'elicitation/create' } },
  });
  await send(demo.url, 'tasks/cancel', { taskId: release });
  await done;
  const [acknowledgement, ...rest] = messages;
  const end = rest.pop();
  expect(acknowledgement?.method).toBe('notifications/subscriptions/acknowledged');
  expect(rest.every(({ method, params }) => method === 'notifications/tasks' && params?._meta?.[SUBSCRIPTION])).toBe(
    true,
  );
  expect(rest.find(({ params }) => params?.status === 'completed')?.params).toMatchObject({
    taskId: report,
    result: { resultType: 'complete', structuredContent: { topic: 'Response times' } },
  });
  expect(end).toMatchObject({
    id: 'listen-1',
    result: { resultType: 'complete', _meta: { [SUBSCRIPTION]: 'listen-1' } },
  });
});

test('a subscription to unknown tasks ends at once', async () => {
  const { messages, done } = listen(['nothing']);
  await done;
  expect(messages).toMatchObject([{ params: { notifications: { taskIds: [] } } }, { result: {} }]);
});

test('a server that stops ends its subscriptions gracefully', async () => {
  const other = await serveDemoHttp({ speed: 0.05 });
  const { result } = await send(other.url, 'tools/call', { name: 'batch', arguments: { items: 600 } });
  const { messages, done } = listen([result?.taskId as string], EVERYTHING, other.url);
  await eventually(() => messages.length).toBeGreaterThan(1);
  await other.stop();
  await done;
  expect(messages.at(-1)).toMatchObject({ id: 'listen-1', result: { resultType: 'complete' } });
});

test('a client that did not opt in cannot subscribe', async () => {
  const { messages, done } = listen([await start('report')], { elicitation: {} });
  await done;
  expect(messages).toMatchObject([{ id: 'listen-1', error: { code: -32021 } }]);
});
