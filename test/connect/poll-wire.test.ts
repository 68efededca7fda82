import { once } from 'node:events';
import type { JsonObject } from '@mcp-tasks/client';
import { connect } from '@mcp-tasks/client/connect';
import { expect, onTestFinished, test } from 'vitest';
import { connectPooled, failureOf, type SeenPoll, servePolls } from './polling-server.ts';

const WORKING = { resultType: 'complete', taskId: 't', status: 'working' };
const ask = { taskId: 't' };
const isWarmUp = ({ params }: SeenPoll): boolean => params.taskId === 'warm-up';

/** The test answers polls of the pool; the warm-up requests before them are answered normally. */
function after(answer: (poll: SeenPoll) => void): (poll: SeenPoll) => void {
  return (poll) => (isWarmUp(poll) ? poll.reply(WORKING) : answer(poll));
}

test('polls reuse open sockets', async () => {
  const server = await servePolls((poll) => poll.reply(WORKING));
  const connection = await connectPooled(server);
  for (let n = 0; n < 10; n += 1) expect(await connection.request('tasks/get', ask)).toEqual(WORKING);
  const ports = server.seen.filter(({ isPooled }) => isPooled).map(({ port }) => port);
  expect(ports.length).toBeGreaterThan(10);
  expect(new Set(ports).size).toBeLessThanOrEqual(2);
});

test('a request is not sent when maySend returns false by the time a socket is ready', async () => {
  const server = await servePolls((poll) => poll.reply(WORKING));
  const connection = await connectPooled(server);
  const before = server.seen.length;
  let may = true;
  const sent = [1, 2, 3].map(() => failureOf(connection.request('tasks/get', ask, { maySend: () => may })));
  may = false;
  for (const failure of await Promise.all(sent)) expect(failure).toMatchObject({ kind: 'aborted' });
  expect(await connection.request('tasks/get', ask, { maySend: () => true })).toEqual(WORKING);
  expect(server.seen.length).toBe(before + 1);
});

test('a first poll, which the SDK sends, is not sent when maySend returns false', async () => {
  const server = await servePolls((poll) => poll.reply(WORKING));
  const connection = await connect({ kind: 'url', url: server.url });
  onTestFinished(() => connection.close());
  const failure = await failureOf(connection.request('tasks/get', ask, { maySend: () => false }));
  expect(failure).toMatchObject({ kind: 'aborted' });
  expect(server.seen).toEqual([]);
});

test('a pooled poll carries the same headers as the SDK, including the headers of the host', async () => {
  const server = await servePolls((poll) => poll.reply(WORKING));
  const connection = await connectPooled(server, {
    headers: { 'X-Tenant': 'acme', authorization: 'Basic YTpi' },
    authProvider: { token: async () => 'secret' },
  });
  await connection.request('tasks/cancel', ask);
  const known = (poll: SeenPoll | undefined): JsonObject => {
    const { headers } = poll?.request ?? {};
    const names = ['x-tenant', 'authorization', 'content-type', 'accept', 'mcp-protocol-version', 'mcp-session-id'];
    return {
      ...Object.fromEntries(names.map((name) => [name, headers?.[name] ?? null])),
      meta: poll?.params._meta ?? null,
    };
  };
  const [first] = server.seen;
  const last = server.seen.at(-1);
  expect([first?.isPooled, last?.isPooled]).toEqual([false, true]);
  expect(known(last)).toEqual(known(first));
  expect(last?.request.headers).toMatchObject({
    authorization: 'Bearer secret',
    'x-tenant': 'acme',
    'mcp-protocol-version': '2026-07-28',
    'mcp-method': 'tasks/cancel',
    'mcp-name': 't',
  });
});

test.each(['tasks/get', 'tasks/update'])('on a closed socket only a poll is resent: %s', async (method) => {
  const server = await servePolls(
    after((poll) => {
      if (server.seen.filter((each) => !isWarmUp(each)).length === 1) poll.request.socket.destroy();
      else poll.reply(WORKING);
    }),
  );
  const connection = await connectPooled(server);
  const sent = failureOf(connection.request(method, ask));
  expect(await sent).toEqual(method === 'tasks/get' ? 'no failure' : expect.objectContaining({ kind: 'transport' }));
  expect(server.seen.filter((poll) => !isWarmUp(poll)).length).toBe(method === 'tasks/get' ? 2 : 1);
});

test('a poll whose second connection is also cut is not sent a third time', async () => {
  const server = await servePolls(after(({ request }) => request.socket.destroy()));
  const connection = await connectPooled(server);
  expect(await failureOf(connection.request('tasks/get', ask))).toMatchObject({ kind: 'transport' });
  expect(server.seen.filter((poll) => !isWarmUp(poll)).length).toBe(2);
});

test('after a 401 to a poll the SDK signs in, and later polls carry the new token', async () => {
  let token = 'old';
  let good = 'old';
  const server = await servePolls((poll) => {
    if (poll.request.headers.authorization === `Bearer ${good}`) return poll.reply(WORKING);
    return void poll.response.writeHead(401, { 'www-authenticate': 'Bearer' }).end();
  });
  const connection = await connectPooled(server, {
    authProvider: {
      token: async () => token,
      async onUnauthorized() {
        token = 'new';
      },
    },
  });
  good = 'new';
  expect(await connection.request('tasks/get', ask)).toEqual(WORKING);
  expect(await connection.request('tasks/get', ask)).toEqual(WORKING);
  expect(server.seen.at(-1)).toMatchObject({ isPooled: true, request: { headers: { authorization: 'Bearer new' } } });
});

test('a 401 to a poll without credentials is an auth failure', async () => {
  const server = await servePolls(after(({ response }) => response.writeHead(401).end()));
  const connection = await connectPooled(server);
  expect(await failureOf(connection.request('tasks/get', ask))).toMatchObject({ kind: 'auth' });
});

test('the failure of a 429 carries its Retry-After', async () => {
  const server = await servePolls(after(({ response }) => response.writeHead(429, { 'retry-after': '7' }).end()));
  const connection = await connectPooled(server);
  const failure = await failureOf(connection.request('tasks/get', ask));
  expect(failure).toMatchObject({ kind: 'http', status: 429, retryAfterMs: 7_000 });
});

test('a plain 403 is an HTTP failure with its reason, and is not retried', async () => {
  const refuse = after(({ response }) => {
    response.writeHead(403, { 'content-type': 'application/json' });
    response.end('{"error":{"message":"not your task"}}');
  });
  const server = await servePolls(refuse);
  const connection = await connectPooled(server);
  expect(await failureOf(connection.request('tasks/get', ask))).toMatchObject({
    kind: 'http',
    status: 403,
    message: expect.stringContaining('not your task'),
  });
  expect(server.seen.filter((poll) => !isWarmUp(poll)).length).toBe(1);
});

test("the host's own fetch carries every poll", async () => {
  const server = await servePolls((poll) => poll.reply(WORKING));
  const carried: string[] = [];
  const connection = await connect(
    { kind: 'url', url: server.url },
    {
      fetch(input, init) {
        carried.push(JSON.parse(String(init?.body)).method);
        return fetch(input, init);
      },
    },
  );
  onTestFinished(() => connection.close());
  for (let n = 0; n < 10; n += 1) await connection.request('tasks/get', ask);
  expect(carried.filter((method) => method === 'tasks/get')).toHaveLength(10);
  expect(server.seen.some(({ isPooled }) => isPooled)).toBe(false);
});

test('a JSON-RPC error is an rpc failure, whatever its HTTP status', async () => {
  const error = { code: -32602, message: 'Unknown task' };
  const server = await servePolls(
    after(({ id, method, response }) => {
      const status = method === 'tasks/get' ? 200 : 400;
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ jsonrpc: '2.0', id, error }));
    }),
  );
  const connection = await connectPooled(server);
  for (const method of ['tasks/get', 'tasks/cancel'])
    expect(await failureOf(connection.request(method, ask))).toMatchObject({ kind: 'rpc', ...error });
});

test.each(['\n\n', '\n', ''])(
  'a reply on a stream is accepted when it ends with %j, after earlier events',
  async (end) => {
    const server = await servePolls(
      after(({ id, response }) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        const note = { jsonrpc: '2.0', method: 'notifications/message', params: { level: 'info', data: 'größer' } };
        response.write(`: hello\n\nevent: message\ndata: ${JSON.stringify(note)}\n\ndata: not JSON\n\n`);
        response.end(`data: ${JSON.stringify({ jsonrpc: '2.0', id, result: WORKING })}${end}`);
      }),
    );
    const connection = await connectPooled(server);
    const notified: unknown[] = [];
    connection.onNotification((method, { data }) => notified.push([method, data]));
    expect(await connection.request('tasks/get', ask)).toEqual(WORKING);
    expect(notified).toEqual([['notifications/message', 'größer']]);
  },
);

test('a stream that stays open after its reply is closed by the client', async () => {
  const server = await servePolls(
    after(({ id, response }) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(`data: ${JSON.stringify({ jsonrpc: '2.0', id, result: WORKING })}\n\n`);
    }),
  );
  const connection = await connectPooled(server);
  expect(await connection.request('tasks/get', ask)).toEqual(WORKING);
  await once(server.seen.at(-1)?.response ?? process, 'close');
});

test('a stream that ends without a reply is a transport failure', async () => {
  const server = await servePolls(
    after(({ response }) => response.writeHead(200, { 'content-type': 'text/event-stream' }).end(': bye\n\n')),
  );
  const connection = await connectPooled(server);
  const failure = await failureOf(connection.request('tasks/get', ask));
  expect(failure).toEqual({ kind: 'transport', message: 'the response was cut off' });
});

test.each([
  ['a page', 200, 'text/html', '<h1>Log in</h1>'],
  ['text', 200, 'text/plain', 'fine'],
  ['half of a reply', 200, 'application/json', '{"jsonrpc":'],
  ['a reply to another request', 200, 'application/json', '{"jsonrpc":"2.0","id":"other","result":{}}'],
  ['nothing', 202, 'application/json', ''],
])('%s is an invalid reply', async (_, status, type, text) => {
  const server = await servePolls(
    after(({ response }) => response.writeHead(status, { 'content-type': type }).end(text)),
  );
  const connection = await connectPooled(server);
  expect(await failureOf(connection.request('tasks/get', ask))).toMatchObject({ kind: 'invalid' });
});

test.each(['application/json', 'text/event-stream'])('a reply of more than 64 MB as %s is refused', async (type) => {
  const server = await servePolls(
    after(({ response }) => {
      response.writeHead(200, { 'content-type': type });
      response.write('data: "');
      const megabyte = 'a'.repeat(1024 * 1024);
      const pour = (): void => {
        while (!response.destroyed && response.write(megabyte));
      };
      response.on('drain', pour);
      pour();
    }),
  );
  const connection = await connectPooled(server);
  const failure = await failureOf(connection.request('tasks/get', ask));
  expect(failure).toEqual({ kind: 'invalid', message: 'it sent a message of more than 64 MB' });
});

test.each(['aborted', 'timeout', 'closed'])(
  'a poll that ends as %s also ends its request at the server',
  async (how) => {
    let arrived = (): void => undefined;
    const arrival = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const server = await servePolls(after(() => arrived()));
    const connection = await connectPooled(server);
    const abort = new AbortController();
    const timeoutMs = how === 'timeout' ? 50 : 30_000;
    const failure = failureOf(connection.request('tasks/get', ask, { signal: abort.signal, timeoutMs }));
    await arrival;
    const closed = once(server.seen.at(-1)?.response ?? process, 'close');
    if (how === 'aborted') abort.abort();
    if (how === 'closed') await connection.close();
    expect(await failure).toMatchObject({ kind: how === 'closed' ? 'transport' : how });
    await closed;
  },
);

test.each(['größe', 'a\r\nx-evil: 1', ' padded ', '=?base64?YQ==?='])(
  'the task id %j is encoded and cannot inject a header',
  async (taskId) => {
    const server = await servePolls((poll) => poll.reply(WORKING));
    const connection = await connectPooled(server);
    await connection.request('tasks/get', { taskId });
    const { headers } = server.seen.at(-1)?.request ?? {};
    expect(headers?.['x-evil']).toBeUndefined();
    expect(headers?.['mcp-name']).toBe(`=?base64?${Buffer.from(taskId).toString('base64')}?=`);
    expect(server.seen.at(-1)).toMatchObject({ isPooled: true, params: { taskId } });
  },
);

test('a poll whose task id is too long for a header is sent by the SDK', async () => {
  const server = await servePolls((poll) => poll.reply(WORKING));
  const connection = await connectPooled(server);
  const taskId = 'x'.repeat(5_000);
  await connection.request('tasks/get', { taskId });
  expect(server.seen.at(-1)).toMatchObject({ isPooled: false, params: { taskId } });
});

test('a redirect to another host is not followed', async () => {
  const other = await servePolls((poll) => poll.reply(WORKING));
  const server = await servePolls(after(({ response }) => response.writeHead(308, { location: other.url }).end()));
  const connection = await connectPooled(server);
  expect(await failureOf(connection.request('tasks/get', ask))).toMatchObject({ kind: 'http', status: 308 });
  expect(other.seen).toEqual([]);
});

test('only requests about tasks use the pool', async () => {
  const server = await servePolls((poll) => poll.reply(WORKING));
  const connection = await connectPooled(server);
  await connection.request('tools/call', { name: 'deploy', arguments: {} });
  expect(server.seen.at(-1)).toMatchObject({ isPooled: false, method: 'tools/call' });
});
