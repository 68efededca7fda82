import { CreateTaskResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningDemo, serveDemoHttp } from '../../packages/cli/src/demo/index.ts';
import { connectSdkV1 } from './sdk-v1-client.ts';
import { EVERYTHING, envelope } from './support.ts';

let demo: RunningDemo;
beforeAll(async () => {
  demo = await serveDemoHttp({ speed: 0.05 });
});
afterAll(() => demo.stop());

const JSON_TYPES = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
const VERSION = 'io.modelcontextprotocol/protocolVersion';

/** Posts one message unchanged. */
async function post(body: unknown, headers: Record<string, string> = {}) {
  const response = await fetch(demo.url, {
    method: 'POST',
    headers: { ...JSON_TYPES, ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const text = await response.text();
  const { id, error } = (text.startsWith('{') ? JSON.parse(text) : {}) as { id?: unknown; error?: { code: number } };
  return { status: response.status, code: error?.code, id };
}

const list = (meta: object = {}) => ({
  jsonrpc: '2.0',
  id: 7,
  method: 'tools/list',
  params: { _meta: { ...envelope(EVERYTHING), ...meta } },
});
const modern = (method: string, name?: string) => ({
  'mcp-protocol-version': '2026-07-28',
  'mcp-method': method,
  ...(name === undefined ? {} : { 'mcp-name': name }),
});
const get = { ...list(), method: 'tasks/get', params: { ...list().params, taskId: 'a' } };
const listen = (notifications: object, capabilities: object = EVERYTHING) => ({
  ...list(),
  method: 'subscriptions/listen',
  params: { notifications, _meta: envelope(capabilities) },
});

test.each([
  ['no JSON', '{"a":', {}, 400, -32700],
  ['nothing at all', '', {}, 400, -32700],
  ['no message', 'null', {}, 400, -32600],
  ['an empty batch', [], {}, 400, -32600],
  ['a batch of 2026-07-28', [list()], modern('tools/list'), 400, -32600],
  ['an initialize without parameters', { ...list(), method: 'initialize', params: {} }, {}, 400, -32602],
  ['a request of 2025-11-25 without a session', { ...list(), params: {} }, {}, 400, -32000],
  ['an ended session', { ...list(), params: {} }, { 'mcp-session-id': 'gone' }, 404, -32001],
  ['no version', list(), { 'mcp-method': 'tools/list' }, 400, -32020],
  ['two versions', list(), { ...modern('tools/list'), 'mcp-protocol-version': '2025-11-25' }, 400, -32020],
  ['another method in the header', list(), modern('tools/call'), 400, -32020],
  ['another task in the header', get, modern('tasks/get', 'b'), 400, -32020],
  ['no task in the header', get, modern('tasks/get'), 400, -32020],
  [
    'a version of the future',
    list({ [VERSION]: '2030-01-01' }),
    { ...modern('tools/list'), 'mcp-protocol-version': '2030-01-01' },
    400,
    -32022,
  ],
  ['a version that is no text', list({ [VERSION]: 7 }), modern('tools/list'), 400, -32602],
  ['no envelope', { ...list(), params: {} }, modern('tools/list'), 400, -32602],
  ['the method of another revision', { ...get, method: 'tasks/result' }, modern('tasks/result', 'a'), 404, -32601],
  ['a subscription without the opt-in', listen({ taskIds: [] }, {}), modern('subscriptions/listen'), 400, -32021],
  ['a subscription to no list', listen({ taskIds: 'a' }), modern('subscriptions/listen'), 200, -32602],
  ['a subscription to numbers', listen({ taskIds: [5] }), modern('subscriptions/listen'), 200, -32602],
])('%s is refused with its own code', async (_, body, headers, status, code) => {
  expect(await post(body, headers)).toMatchObject({ status, code });
});

test('an error carries the id of its request', async () => {
  expect(await post(list(), { 'mcp-method': 'tools/list' })).toMatchObject({ id: 7 });
  expect(await post({ ...list(), params: {} })).toMatchObject({ id: 7 });
});

test.each(['HEAD', 'OPTIONS', 'PUT', 'PATCH'])('HTTP %s is refused with 405', async (method) => {
  const response = await fetch(demo.url, { method });
  expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, POST, DELETE']);
});

test('the messages of errors are sent unchanged', async () => {
  const { transport, close } = await connectSdkV1(demo.url);
  const session = { 'mcp-session-id': transport.sessionId ?? '' };
  const request = async (method: string, params: object) => {
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
    const response = await fetch(demo.url, { method: 'POST', headers: { ...JSON_TYPES, ...session }, body });
    const line = (await response.text()).split('\n').find((each) => each.startsWith('data: '));
    return (JSON.parse(line?.slice(6) ?? '{}') as { error?: object }).error;
  };
  expect(await request('tasks/get', { taskId: 'x' })).toEqual({ code: -32602, message: 'Unknown or expired task: x' });
  expect(await request('tasks/get', {})).toMatchObject({
    code: -32602,
    message: expect.stringContaining('params.taskId'),
  });
  expect(await request('nothing/known', {})).toEqual({ code: -32601, message: 'Method not found: nothing/known' });
  await close();
});

test('on 2025-11-25 every task starts as working, even if its tool asks first', async () => {
  const official = await connectSdkV1(demo.url, {
    answer: () => ({ action: 'accept', content: { confirm: true, reason: 'too old' } }),
  });
  const { tools } = await official.client.listTools();
  const asTasks = tools.filter(({ execution }) => execution?.taskSupport !== 'forbidden').map(({ name }) => name);
  expect(asTasks).toContain('sign-in');
  for (const name of asTasks) {
    const { task } = await official.client.request(
      { method: 'tools/call', params: { name, arguments: {}, task: {} } },
      CreateTaskResultSchema,
    );
    expect([name, task.status]).toEqual([name, 'working']);
  }
  await official.close();
});
