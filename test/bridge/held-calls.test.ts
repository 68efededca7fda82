import { keeperSockets, reachKeeper } from '@mcp-tasks/client/keeper';
import { expect, test } from 'vitest';
import { EVERYTHING_STDIO } from '../connect/support.ts';
import { verifies } from '../faults/scenarios.ts';
import { bridgedDemo, idIn, startHost, stateOf, textOf } from './support.ts';

test("a host without tasks lists the server's tools and the three task tools, at its first start and later", async () => {
  const bridged = bridgedDemo();
  for (const start of ['first', 'second']) {
    const host = await startHost(bridged);
    const { tools } = await host.client.listTools();
    expect([start, tools.map(({ name }) => name)]).toEqual([
      start,
      expect.arrayContaining(['report', 'release', 'tasks_wait', 'tasks_list', 'tasks_cancel']),
    ]);
    expect(tools.find(({ name }) => name === 'report')?.outputSchema).toBeUndefined();
    await host.close();
  }
});

test('a call that ends within the hold returns the result of the server, untouched', async () => {
  const host = await startHost(bridgedDemo());
  expect(textOf(await host.call('echo', { text: 'hi' }))).toBe('hi');
  await host.close();
});

test(
  verifies('B1', 'a call longer than the hold returns NOT FINISHED with its id, and tasks_wait returns the result'),
  async () => {
    const host = await startHost(bridgedDemo(), ['--hold', '300ms']);
    const first = await host.call('report', { topic: 'tides' });
    expect(textOf(first)).toContain('NOT FINISHED: "report" is still running');
    expect(first.isError ?? false).toBe(false);
    const id = idIn(first);
    await expect
      .poll(async () => textOf(await host.call('tasks_wait', { id })), { timeout: 30_000 })
      .not.toContain('NOT FINISHED');
    await host.close();
  },
);

test('a keeper notifies its connections of a changed record', async () => {
  const bridged = bridgedDemo();
  const host = await startHost(bridged, ['--hold', '300ms']);
  await host.client.listTools();
  const changed: string[] = [];
  const [path = ''] = await keeperSockets(stateOf(bridged));
  const keeper = await reachKeeper({ path, onChanged: (id) => changed.push(id) });
  const id = idIn(await host.call('report', { topic: 'tides' }));
  await expect.poll(() => changed).toContain(id);
  keeper?.close();
  await host.close();
});

test("the server's progress reaches the host of a held call and never decreases", async () => {
  if (EVERYTHING_STDIO.kind !== 'command') throw new Error('a command');
  const { command, args } = EVERYTHING_STDIO;
  const host = await startHost({ ...bridgedDemo(), target: ['--', command, ...args] }, ['--hold', '30s']);
  const seen: { readonly progress: number; readonly total?: number | undefined }[] = [];
  const call = { name: 'trigger-long-running-operation', arguments: { duration: 4, steps: 4 } };
  await host.client.callTool(call, undefined, { onprogress: (each) => seen.push(each) });
  await host.close();
  expect(seen.map(({ total }) => total)).toContain(4);
  expect(seen.map(({ progress }) => progress)).toContain(2);
  expect(seen.map(({ progress }) => progress)).toEqual([...seen.map(({ progress }) => progress)].sort((a, b) => a - b));
}, 60_000);
