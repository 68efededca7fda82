import { expect, test } from 'vitest';
import { verifies } from '../faults/scenarios.ts';
import {
  type Bridged,
  bridgedDemo,
  countRequests,
  idIn,
  run,
  serveDemo,
  startHost,
  stateOf,
  textOf,
} from './support.ts';

const report = { topic: 'tides' };

test(verifies('B1', 'a repeated call joins the running one, and the server gets one call'), async () => {
  const bridged = bridgedDemo();
  const host = await startHost(bridged, ['--hold', '200ms']);
  const first = await host.call('report', report);
  const second = await host.call('report', report);
  expect(idIn(second)).toBe(idIn(first));
  expect(countRequests(bridged.demoStore, 'tools/call')).toBe(1);
  await host.close();
});

test('the same call from two hosts at once is one call of the server', async () => {
  const bridged = bridgedDemo();
  const hosts = await Promise.all([startHost(bridged, ['--hold', '1s']), startHost(bridged, ['--hold', '1s'])]);
  const answers = await Promise.all(hosts.map((host) => host.call('report', report)));
  const [first, second] = answers.map(idIn);
  expect(second).toBe(first);
  expect(countRequests(bridged.demoStore, 'tools/call')).toBe(1);
  await Promise.all(hosts.map((host) => host.close()));
});

test('--no-join runs equal calls separately', async () => {
  const bridged = bridgedDemo();
  const host = await startHost(bridged, ['--hold', '200ms', '--no-join']);
  const answers = [await host.call('report', report), await host.call('report', report)].map(idIn);
  expect(new Set(answers).size).toBe(2);
  await host.close();
});

test(verifies('B1', 'a restarted host gets the result by repeating its call, and nothing runs twice'), async () => {
  const bridged = bridgedDemo();
  const killed = await startHost(bridged, ['--hold', '200ms']);
  const id = idIn(await killed.call('report', report));
  process.kill(killed.pid, 'SIGKILL');
  await run(['wait', id], bridged);
  const host = await startHost(bridged, ['--hold', '20s']);
  expect(textOf(await host.call('tasks_list'))).toContain(`${id}  report`);
  const result = textOf(await host.call('report', report));
  expect(result).toContain('Result of the same call of');
  expect(result).not.toContain('NOT FINISHED');
  expect(countRequests(bridged.demoStore, 'tools/call')).toBe(1);
  expect(textOf(await host.call('tasks_list'))).toBe('No task runs, and every result was delivered.');
  await host.close();
});

test('a call repeated after its result was delivered runs again', async () => {
  const bridged = bridgedDemo('0.05');
  const host = await startHost(bridged, ['--hold', '20s']);
  await host.call('report', report);
  await host.call('report', report);
  expect(countRequests(bridged.demoStore, 'tools/call')).toBe(2);
  await host.close();
});

test(verifies('B1', 'an aborted call keeps running, and nothing is cancelled'), async () => {
  const bridged = bridgedDemo();
  const host = await startHost(bridged, ['--hold', '20s']);
  const stop = new AbortController();
  const call = host.call('report', report, { signal: stop.signal }).catch(() => undefined);
  await expect.poll(() => countRequests(bridged.demoStore, 'tools/call')).toBe(1);
  stop.abort();
  await call;
  const result = await host.call('report', report, { timeout: 30_000 });
  expect(textOf(result)).not.toContain('NOT FINISHED');
  expect(countRequests(bridged.demoStore, 'tasks/cancel')).toBe(0);
  expect(countRequests(bridged.demoStore, 'tools/call')).toBe(1);
  await host.close();
});

test('only tasks_cancel asks the server to stop', async () => {
  const bridged = bridgedDemo('1');
  const host = await startHost(bridged, ['--hold', '200ms']);
  const id = idIn(await host.call('report', report));
  await expect
    .poll(async () => textOf(await host.call('tasks_cancel', { id })), { timeout: 10_000 })
    .toContain(`The server is asked to stop task ${id}`);
  await expect.poll(() => countRequests(bridged.demoStore, 'tasks/cancel'), { timeout: 10_000 }).toBe(1);
  await host.close();
});

test('a new keeper resumes the call of a killed keeper', async () => {
  const bridged = bridgedDemo();
  const host = await startHost(bridged, ['--hold', '200ms']);
  const id = idIn(await host.call('report', report));
  const status = await run(['bridge', 'status', '--json'], { ...bridged, env: { MCP_TASKS_HOME: stateOf(bridged) } });
  process.kill(JSON.parse(status.stdout).keepers[0].pid, 'SIGKILL');
  await expect
    .poll(async () => textOf(await host.call('report', { topic: 'winds' })), { timeout: 30_000 })
    .toContain('NOT FINISHED');
  const next = await startHost(bridged, ['--hold', '20s']);
  expect(textOf(await next.call('tasks_wait', { id }))).toContain('# tides');
  await Promise.all([host.close(), next.close()]);
});

/** Server task ids on record; null before the server has replied. */
async function taskIdsOf(bridged: Bridged): Promise<readonly (string | null)[]> {
  const { tasks } = JSON.parse((await run(['list', '--json'], bridged)).stdout) as {
    tasks: { task: { taskId: string | null } }[];
  };
  return tasks.map(({ task }) => task.taskId);
}

/** Kills (-9) the keepers listed by `bridge status`. */
async function killKeepers(bridged: Bridged): Promise<void> {
  const { stdout } = await run(['bridge', 'status', '--json'], bridged);
  const { keepers } = JSON.parse(stdout) as { keepers: { pid: number }[] };
  for (const { pid } of keepers) process.kill(pid, 'SIGKILL');
}

test.each(['stdio', 'HTTP, 2025-11-25'])(
  verifies('B1', 'a keeper killed during a held call is restarted, and the call returns its result: %s'),
  async (wire) => {
    const bridged = bridgedDemo('1');
    const demo =
      wire === 'stdio' ? undefined : await serveDemo(bridged.home, '--revision', '2025-11-25', '--speed', '1');
    const reached = demo === undefined ? bridged : { ...bridged, demoStore: demo.store, target: [demo.url] };
    const host = await startHost(reached, ['--hold', '50s']);
    const calling = host.call('report', report, { timeout: 55_000 });
    await expect.poll(() => countRequests(reached.demoStore, 'tools/call')).toBe(1);
    // Until the task id is on record the call may have run, and it is not resumed.
    await expect.poll(() => taskIdsOf(reached), { timeout: 20_000 }).toEqual([expect.any(String)]);
    await killKeepers(reached);
    expect(textOf(await calling)).toContain('Singapore is the slowest region');
    expect(countRequests(reached.demoStore, 'tools/call')).toBe(1);
    await host.close();
    await demo?.stop();
  },
);
