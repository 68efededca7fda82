import { ElicitRequestSchema, type ElicitResult } from '@modelcontextprotocol/sdk/types.js';
import { expect, onTestFinished, test } from 'vitest';
import { EVERYTHING, send } from '../demo/support.ts';
import { type Bridged, bridgedDemo, countRequests, idIn, run, startHost, startHttpBridge, textOf } from './support.ts';

test('with --model-may-answer a model sees the fields of a question and answers with tasks_answer', async () => {
  const host = await startHost(bridgedDemo('0.05'), ['--hold', '1s', '--model-may-answer']);
  onTestFinished(() => host.close());
  const { tools } = await host.client.listTools();
  expect(tools.map(({ name }) => name)).toContain('tasks_answer');
  const held = () => host.call('release', { version: '2.4.0' }).then(textOf);
  await expect.poll(held, { timeout: 20_000 }).toMatch(/call tasks_answer with[\s\S]*approve/);
  const id = idIn(await host.call('release', { version: '2.4.0' }));
  const misfit = await host.call('tasks_answer', { id, content: { approve: 'perhaps' } });
  expect([misfit.isError, textOf(misfit)]).toEqual([true, expect.stringContaining('approve')]);
  const answered = await host.call('tasks_answer', { id, content: { approve: true } });
  expect(textOf(answered)).toContain('The answer is saved');
  await expect.poll(held, { timeout: 20_000 }).toMatch(/strategy/);
  await host.call('tasks_answer', { id, content: { strategy: 'canary' } });
  await expect.poll(held, { timeout: 20_000 }).toContain('2.4.0 is live');
}, 60_000);

test('with --model-may-answer an immediate answer of a host counts', async () => {
  const options = { capabilities: { elicitation: { form: {} } } };
  const host = await startHost(bridgedDemo('0.05'), ['--hold', '20s', '--model-may-answer'], options);
  onTestFinished(() => host.close());
  host.client.setRequestHandler(ElicitRequestSchema, ({ params }): ElicitResult => {
    const content = params.message.startsWith('How') ? { strategy: 'canary' } : { approve: true };
    return { action: 'accept', content };
  });
  const result = await host.call('release', { version: '2.4.0' }, { timeout: 40_000 });
  expect(textOf(result)).toContain('2.4.0 is live');
}, 60_000);

test('with --cancel-upstream a call that the host cancels is cancelled at the server', async () => {
  const bridged = bridgedDemo('5');
  const host = await startHost(bridged, ['--hold', '60s', '--cancel-upstream']);
  onTestFinished(() => host.close());
  const stop = new AbortController();
  const calling = host.call('report', { topic: 'tides' }, { signal: stop.signal }).catch(() => undefined);
  const statuses = () => statusesOf(bridged);
  await expect.poll(statuses, { timeout: 20_000 }).toEqual(['working']);
  stop.abort();
  await calling;
  await expect.poll(statuses, { timeout: 20_000 }).toEqual(['cancelled']);
}, 60_000);

/** The statuses of all records behind a bridge. */
async function statusesOf(bridged: Bridged): Promise<readonly string[]> {
  const { stdout } = await run(['list', '--all', '--json'], bridged);
  return JSON.parse(stdout).tasks.map(({ task }: { task: { status: string } }) => task.status);
}

test('with --cancel-upstream a host with tasks cancels a call before it has a task id', async () => {
  const bridged = bridgedDemo('5');
  // The bridge replies with a task after 3 s at most; the server replies later.
  const slow = { ...bridged, target: [...bridged.target, '--chaos', 'latency=2500'] };
  const bridge = await startHttpBridge(slow, ['--cancel-upstream']);
  onTestFinished(() => bridge.stop());
  const stop = new AbortController();
  const headers = { authorization: `Bearer ${bridge.token}` };
  const params = { name: 'report', arguments: { topic: 'tides' } };
  const calling = send(bridge.url, 'tools/call', params, { capabilities: EVERYTHING, headers, signal: stop.signal });
  const ended = calling.catch(() => undefined);
  await expect.poll(() => countRequests(bridged.demoStore, 'tools/call'), { timeout: 20_000 }).toBe(1);
  stop.abort();
  await ended;
  await expect.poll(() => statusesOf(bridged), { timeout: 20_000 }).toEqual(['cancelled']);
}, 60_000);
