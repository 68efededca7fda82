import { spawn } from 'node:child_process';
import { request } from 'node:http';
import { createInterface } from 'node:readline';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { StdioClientTransport as StdioV1 } from '@modelcontextprotocol/sdk/client/stdio.js';
import { CallToolResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { expect, test } from 'vitest';
import { connectSdkV1 } from './sdk-v1-client.ts';
import { CHILD, EVERYTHING, envelope, eventually, freshDirectory, NODE_24, stepsOf } from './support.ts';

const command = (options: object) => ({
  command: NODE_24,
  args: ['--no-warnings', CHILD, JSON.stringify({ stdio: true, speed: 0.05, ...options })],
});

/** One process with its raw stdio streams. */
function openStdio(options: object) {
  const { command: file, args } = command(options);
  const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const received: Record<string, unknown>[] = [];
  createInterface({ input: child.stdout }).on('line', (text) => received.push(JSON.parse(text)));
  const exit = new Promise<number | null>((resolve) => child.once('exit', resolve));
  return {
    received,
    exit,
    child,
    send(id: number | undefined, method: string, params: object) {
      const message = { jsonrpc: '2.0', ...(id === undefined ? {} : { id }), method, params };
      child.stdin.write(`${JSON.stringify(message)}\n`);
    },
    async answer(id: number): Promise<Record<string, unknown>> {
      await eventually(() => received.some((message) => message.id === id)).toBe(true);
      const { result, error } = received.find((message) => message.id === id) as Record<
        string,
        Record<string, unknown> | undefined
      >;
      return result ?? error ?? {};
    },
  };
}

interface Pushed {
  readonly _meta: Record<string, unknown>;
}

const modern = (params: object) => ({ ...params, _meta: envelope(EVERYTHING) });

test('the same process serves the official client of 2025-11-25', async () => {
  const transport = new StdioV1(command({}));
  const official = await connectSdkV1('http://unused.invalid', {
    transport,
    answer: () => ({ action: 'accept', content: { approve: true, strategy: 'rolling' } }),
  });
  const taskId = await official.start('release');
  const result = await official.client.experimental.tasks.getTaskResult(taskId, CallToolResultSchema);
  expect(JSON.stringify(result)).toContain('is live');
  expect(official.pushed).toContain(`${taskId} completed`);
  await official.close();
});

test('the same process serves the official client of 2026-07-28', async () => {
  const client = new Client({ name: 'official', version: '2' }, { versionNegotiation: { mode: 'auto' } });
  await client.connect(new StdioClientTransport(command({})));
  expect(client.getNegotiatedProtocolVersion()).toBe('2026-07-28');
  expect(JSON.stringify(await client.callTool({ name: 'hello', arguments: { name: 'Ada' } }))).toContain('Hello, Ada.');
  await client.close();
});

test('one process serves both revisions on one stdio connection', async () => {
  const stdio = openStdio({});
  stdio.send(1, 'initialize', {
    protocolVersion: '2025-11-25',
    capabilities: {},
    clientInfo: { name: 'x', version: '0' },
  });
  expect(await stdio.answer(1)).toMatchObject({ protocolVersion: '2025-11-25' });
  stdio.send(undefined, 'notifications/initialized', {});
  stdio.send(2, 'server/discover', modern({}));
  expect(await stdio.answer(2)).toMatchObject({ supportedVersions: expect.arrayContaining(['2026-07-28']) });
  stdio.send(3, 'tools/list', {});
  stdio.send(4, 'tools/list', modern({}));
  const names = async (id: number) => ((await stdio.answer(id)).tools as { name: string }[]).map(({ name }) => name);
  expect(await names(3)).toEqual(await names(4));
  stdio.send(5, 'tools/call', { name: 'report', arguments: {}, task: {} });
  stdio.send(6, 'tools/call', modern({ name: 'report', arguments: {} }));
  const { taskId } = (await stdio.answer(5)).task as { readonly taskId: string };
  const { taskId: other } = await stdio.answer(6);
  stdio.send(7, 'tasks/result', { taskId });
  expect(await stdio.answer(7)).toMatchObject({ structuredContent: { topic: 'Response times' } });
  for (let id = 100, status: unknown = 'working'; status !== 'completed'; id += 1) {
    stdio.send(id, 'tasks/get', modern({ taskId: other }));
    ({ status } = await stdio.answer(id));
  }
  stdio.child.stdin.end();
  expect(await stdio.exit).toBe(0);
});

test('a subscription over stdio is acknowledged first, tags its events, and ends with the last task', async () => {
  const stdio = openStdio({});
  stdio.send(1, 'tools/call', modern({ name: 'report', arguments: {} }));
  const { taskId } = await stdio.answer(1);
  stdio.send(2, 'subscriptions/listen', modern({ notifications: { taskIds: [taskId] } }));
  expect(await stdio.answer(2)).toMatchObject({ resultType: 'complete' });
  const pushed = stdio.received.filter(({ method }) => method !== undefined) as { method: string; params: Pushed }[];
  expect(pushed[0]).toMatchObject({
    method: 'notifications/subscriptions/acknowledged',
    params: { notifications: { taskIds: [taskId] } },
  });
  expect(pushed.map(({ params }) => params._meta)).toEqual(
    pushed.map(() => ({ 'io.modelcontextprotocol/subscriptionId': 2 })),
  );
  expect(pushed.at(-1)).toMatchObject({ method: 'notifications/tasks', params: { taskId, status: 'completed' } });
  stdio.child.stdin.end();
  await stdio.exit;
});

test('a client over stdio that did not opt in never receives a task', async () => {
  const stdio = openStdio({});
  const plain = (params: object) => ({ ...params, _meta: envelope({}) });
  stdio.send(1, 'tools/call', plain({ name: 'report', arguments: {} }));
  expect(await stdio.answer(1)).toMatchObject({
    resultType: 'complete',
    structuredContent: { topic: 'Response times' },
  });
  stdio.send(2, 'tools/call', plain({ name: 'import', arguments: {} }));
  expect(await stdio.answer(2)).toMatchObject({ code: -32021 });
  stdio.send(3, 'subscriptions/listen', plain({ notifications: { taskIds: ['x'] } }));
  expect(await stdio.answer(3)).toMatchObject({ code: -32021 });
  stdio.child.stdin.end();
  await stdio.exit;
});

test('replies over stdio are delayed by the latency', async () => {
  const stdio = openStdio({ chaos: { latencyMs: 400 } });
  stdio.send(1, 'tools/list', modern({}));
  await stdio.answer(1);
  const before = performance.now();
  stdio.send(2, 'tools/call', modern({ name: 'hello' }));
  await stdio.answer(2);
  expect(performance.now() - before).toBeGreaterThanOrEqual(390);
  stdio.child.stdin.end();
  await stdio.exit;
});

test('the process exits when its input ends', async () => {
  const stdio = openStdio({});
  stdio.send(1, 'tools/call', modern({ name: 'batch', arguments: { items: 600 } }));
  await stdio.answer(1);
  stdio.child.stdin.end();
  expect(await stdio.exit).toBe(0);
});

/** `fetch` would normalize the path. */
function statusOf(port: string, path: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    sent.on('error', reject);
    sent.end();
  });
}

test('a demo over stdio serves its sign-in page over HTTP', async () => {
  const stdio = openStdio({});
  stdio.send(1, 'tools/call', modern({ name: 'sign-in' }));
  const { taskId } = await stdio.answer(1);
  stdio.send(2, 'tasks/get', modern({ taskId }));
  const task = (await stdio.answer(2)) as { inputRequests: { page: { params: { url: string } } } };
  const { url } = task.inputRequests.page.params;
  // An invalid path gets a 404 and does not crash the process.
  expect(await statusOf(new URL(url).port, '//')).toBe(404);
  stdio.send(3, 'tasks/update', modern({ taskId, inputResponses: { page: { action: 'accept' } } }));
  await stdio.answer(3);
  expect(await (await fetch(url, { method: 'POST' })).text()).toContain('You are signed in');
  stdio.send(4, 'tasks/get', modern({ taskId }));
  expect(await stdio.answer(4)).toMatchObject({ status: 'completed' });
  stdio.child.stdin.end();
  await stdio.exit;
});

test('two processes on one store run every step of a task once', async () => {
  const storeDirectory = freshDirectory();
  const processes = [openStdio({ storeDirectory }), openStdio({ storeDirectory })] as const;
  const ids: string[] = [];
  for (const [index, stdio] of processes.entries()) {
    for (let count = 0; count < 5; count += 1) {
      stdio.send(count, 'tools/call', modern({ name: 'batch', arguments: { items: 8 } }));
      ids.push((await stdio.answer(count)).taskId as string);
    }
    expect(index).toBeLessThan(2);
  }
  const [, other] = processes;
  for (const [index, taskId] of ids.entries()) {
    for (let request = 100 + index * 1000, status: unknown = 'working'; status !== 'completed'; request += 1) {
      other.send(request, 'tasks/get', modern({ taskId }));
      ({ status } = await other.answer(request));
    }
  }
  for (const { child, exit } of processes) {
    child.stdin.end();
    await exit;
  }
  for (const id of ids) {
    const steps = stepsOf(storeDirectory, id);
    expect(steps.map(({ position }) => position)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect(steps.filter(({ kind }) => kind === 'completed')).toHaveLength(1);
  }
});
