import { setTimeout as sleep } from 'node:timers/promises';
import { Client as Client20260728, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { type CallToolResult, CallToolResultSchema, ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { afterEach, expect, test } from 'vitest';
import { type Bridged, bridgedDemo, connectHost, type HttpBridge, run, startHttpBridge, textOf } from './support.ts';

const FORMS = { capabilities: { elicitation: { form: {} } } };

const running: HttpBridge[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((bridge) => bridge.stop()));
});

async function serve(bridged: Bridged, flags: readonly string[] = []): Promise<HttpBridge> {
  const bridge = await startHttpBridge(bridged, flags);
  running.push(bridge);
  return bridge;
}

async function call(client: Client, name: string, args: Record<string, unknown>): Promise<string> {
  return textOf((await client.callTool({ name, arguments: args }, undefined, { timeout: 60_000 })) as CallToolResult);
}

/** The recorded tasks of the bridged server. */
async function tasksOf(bridged: Bridged): Promise<readonly { task: { id: string; tool: string } }[]> {
  return JSON.parse((await run(['list', '--all', '--json'], bridged)).stdout).tasks;
}

/** Answers after a moment, as a person does. */
function answerAsPerson(client: Client): string[] {
  const asked: string[] = [];
  client.setRequestHandler(ElicitRequestSchema, async ({ params }) => {
    asked.push(params.message);
    await sleep(1_200);
    const content = params.message.startsWith('How') ? { strategy: 'canary' } : { approve: true };
    return { action: 'accept', content };
  });
  return asked;
}

test('two hosts over HTTP, each in a session of its own, share one run of an equal call', async () => {
  const bridged = bridgedDemo();
  const bridge = await serve(bridged, ['--hold', '40s']);
  const [one, other] = await Promise.all([connectHost(bridge), connectHost(bridge)]);
  expect(one.transport?.sessionId).not.toBe(other.transport?.sessionId);
  const results = await Promise.all([one, other].map((host) => call(host, 'report', { topic: 'tides' })));
  for (const result of results) expect(result).toContain('tides');
  expect(await tasksOf(bridged)).toHaveLength(1);
  await Promise.all([one.close(), other.close()]);
});

test('the questions of a held call over HTTP are asked on the stream of that call', async () => {
  const bridge = await serve(bridgedDemo('0.05'), ['--hold', '40s']);
  const host = await connectHost(bridge, FORMS);
  const asked = answerAsPerson(host);
  expect(await call(host, 'release', { version: '2.4.0' })).toContain('2.4.0 is live on staging (canary)');
  expect(asked).toHaveLength(2);
  await host.close();
});

test('a host of 2025-11-25 over HTTP gets a core task, and its questions on the stream of the result', async () => {
  const bridge = await serve(bridgedDemo('0.05'));
  const host = await connectHost(bridge, FORMS);
  const asked = answerAsPerson(host);
  const params = { name: 'release', arguments: { version: '2.4.0' } };
  const kinds: string[] = [];
  let end = '';
  const options = { task: { ttl: 60_000 }, timeout: 60_000 };
  for await (const message of host.experimental.tasks.callToolStream(params, CallToolResultSchema, options)) {
    kinds.push(message.type);
    if (message.type === 'result') end = textOf(message.result as CallToolResult);
  }
  expect([kinds[0], kinds.at(-1)]).toEqual(['taskCreated', 'result']);
  expect(end).toContain('2.4.0 is live on staging (canary)');
  expect(asked).toHaveLength(2);
  await host.close();
});

test('a host of 2026-07-28 over HTTP gets a task and polls it to its end', async () => {
  const bridged = bridgedDemo('0.05');
  const bridge = await serve(bridged);
  const { stdout, stderr, code } = await run(
    ['call', bridge.url, 'report', '--json', '--arg', 'topic=tides', '--token-env', 'BRIDGE_TOKEN'],
    { home: bridged.home, env: { MCP_TASKS_HOME: `${bridged.home}/host`, BRIDGE_TOKEN: bridge.token } },
  );
  expect({ code, stderr }).toMatchObject({ code: 0 });
  const { task, outcome } = JSON.parse(stdout);
  expect([task.revision, task.status, outcome.status]).toEqual(['2026-07-28', 'completed', 'completed']);
});

test('a call of the 2026-07-28 SDK over HTTP is held, as for any host without tasks', async () => {
  const bridge = await serve(bridgedDemo('0.05'));
  const client = new Client20260728({ name: 'some-host', version: '1' });
  const requestInit = { headers: { Authorization: `Bearer ${bridge.token}` } };
  await client.connect(new StreamableHTTPClientTransport(new URL(bridge.url), { requestInit }));
  const { tools } = await client.listTools();
  expect(tools.map(({ name }) => name)).toContain('tasks_wait');
  const result = await client.callTool({ name: 'report', arguments: { topic: 'tides' } });
  expect(textOf(result as CallToolResult)).toContain('tides');
  await client.close();
});

test('a host that disconnects during a call gets the result after it reconnects, and nothing runs twice', async () => {
  const bridged = bridgedDemo('0.5');
  const bridge = await serve(bridged, ['--hold', '40s']);
  const leaving = await connectHost(bridge);
  const lost = call(leaving, 'report', { topic: 'tides' }).catch(() => 'gone');
  await expect.poll(() => tasksOf(bridged), { timeout: 20_000 }).toHaveLength(1);
  await leaving.transport?.close();
  expect(await lost).toBe('gone');
  const id = (await tasksOf(bridged))[0]?.task.id ?? '';
  expect((await run(['wait', id], bridged)).code).toBe(0);
  const host = await connectHost(bridge);
  expect(await call(host, 'report', { topic: 'tides' })).toContain('Result of the same call');
  expect(await tasksOf(bridged)).toHaveLength(1);
  await host.close();
});

test('a restarted bridge keeps its port, its token and its sessions', async () => {
  const bridged = bridgedDemo('0.05');
  const first = await startHttpBridge(bridged);
  const host = await connectHost(first);
  await host.listTools();
  first.running.process.kill('SIGKILL');
  await first.running.done;
  const second = await startHttpBridge(bridged, ['--http', new URL(first.url).port]);
  running.push(second);
  expect([second.url, second.token]).toEqual([first.url, first.token]);
  expect(await call(host, 'report', { topic: 'tides' })).toContain('tides');
  await host.close();
});
